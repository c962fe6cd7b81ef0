"""Mappings that are kept under a name, for all who import into a workspace."""

from django.db import IntegrityError, transaction

from profiles.errors import Refused
from profiles.models import AuditEntry, ImportDraft, MappingPreset, Operator


@transaction.atomic
def save_preset(draft: ImportDraft, *, name: str, actor: Operator | None) -> MappingPreset:
    """Keep how the draft is read and mapped. Raises Refused for a name that is missing or taken."""
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise Refused("A preset needs a name.")
    if len(name) > 80:
        raise Refused("The name of a preset has at most 80 characters.")
    try:
        with transaction.atomic():
            preset = MappingPreset.objects.create(
                workspace=draft.workspace, name=name, operator=actor, **_facts(draft)
            )
    except IntegrityError:
        raise Refused(f"There is a preset {name} already. Choose it to update it, or another name.") from None
    ImportDraft.objects.filter(pk=draft.pk).update(preset=preset)
    _audit(preset, "create_preset", actor)
    return preset


@transaction.atomic
def update_preset(preset: MappingPreset, draft: ImportDraft, *, actor: Operator | None) -> MappingPreset:
    """Make the preset what the draft is."""
    for name, value in _facts(draft).items():
        setattr(preset, name, value)
    preset.save(update_fields=[*_facts(draft), "updated_at"])
    ImportDraft.objects.filter(pk=draft.pk).update(preset=preset)
    _audit(preset, "edit_preset", actor)
    return preset


@transaction.atomic
def delete_preset(preset: MappingPreset, *, actor: Operator | None) -> None:
    _audit(preset, "delete_preset", actor)
    preset.delete()


def _facts(draft: ImportDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in ("origin", "encoding", "delimiter", "mapping")}


def _audit(preset: MappingPreset, verb: str, actor: Operator | None) -> None:
    AuditEntry.objects.create(
        workspace=preset.workspace, operator=actor, actor=str(actor or ""), verb=verb, subject=preset.name
    )
