"""What merges and new distinct IDs have in common: everybody waits, and everything comes along."""

from typing import Any
from uuid import UUID

from profiles.errors import Refused
from profiles.models import Actor, AuditEntry, Merge, Profile, ProfileChange, Workspace, operator_of

from .following import mark_absorbing
from .rows import Mode, NewIdentifier, ProfileRow
from .write import take_turn, write_profiles


def alone_with(workspace: Workspace, *ids: UUID) -> dict[UUID, Profile]:
    """Lock the profiles of these ids, with every other writer waiting: nobody finds things half moved."""
    mark_absorbing(workspace)
    take_turn(workspace, alone=True)
    workspace.refresh_from_db(fields=["schema_version"])
    rows = Profile.objects.select_for_update().filter(workspace=workspace, pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def names_of(profile: Profile) -> list[NewIdentifier]:
    return [
        NewIdentifier(name.value, name.kind, name.source, name.type)
        for name in profile.identifiers.order_by("created_at", "pk")
    ]


def write_one(workspace: Workspace, row: ProfileRow, *, mode: Mode, door: str, actor: Actor | None) -> None:
    (outcome,) = write_profiles(workspace, [row], mode=mode, source=door, actor=actor)
    if outcome.status == "refused":
        raise Refused(" ".join(outcome.reasons))


def note(absorbed: Profile, heir: UUID, door: str, actor: Actor | None, **facts: Any) -> Merge:
    change = ProfileChange.objects.filter(profile=heir).own().latest("id")
    return Merge.objects.create(
        profile_id=heir,
        survivor=heir,
        absorbed=absorbed.pk,
        distinct_id=absorbed.distinct_id,
        at=change.at,
        door=door,
        operator=operator_of(actor),
        actor=actor.get_username() if actor else "",
        change=change.pk,
        **facts,
    )


def audit(workspace: Workspace, verb: str, actor: Actor | None, *, survivor: UUID, absorbed: UUID) -> None:
    """By ids alone, which name nobody: the entry stays when the profile is erased."""
    AuditEntry.objects.create(
        workspace=workspace,
        operator=operator_of(actor),
        actor=actor.get_username() if actor else "",
        verb=verb,
        subject=f"profile {survivor}",
        details={"survivor": str(survivor), "absorbed": str(absorbed)},
    )
