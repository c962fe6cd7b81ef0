"""From a draft to its preview, and from that to the import."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.imports import Mapping
from profiles.models import ImportDraft, Job, JobState, Operator, StoredFile
from profiles.schema import schema_of

from .drafts import Changed, problems_of, refuse_deleted
from .imports import measure_of, start_import, start_preview
from .uploads import KEPT_FOR

_MOST_SAID: Final = 3


def preview_draft(draft: ImportDraft, *, actor: Operator, may_create: bool) -> Job:
    """Try the whole file without writing. Again changes nothing, until mapping or properties change.

    Raises Refused where the mapping does not do.
    """
    with transaction.atomic():
        locked = _locked(draft)
        _refuse_problems(locked, may_create=may_create)
        if locked.preview and not _has_failed(locked.preview) and not is_outdated(locked):
            return locked.preview
        locked.preview = start_preview(locked.workspace, **_facts(locked), actor=actor)
        locked.save(update_fields=["preview", "updated_at"])
    draft.refresh_from_db()
    return locked.preview


def run_draft(draft: ImportDraft, *, preview: int, actor: Operator, may_create: bool) -> Job:
    """Import the file as the preview with that id showed. Twice is one job.

    Raises Changed where there is another preview by now, and Refused where it cannot be run.
    """
    with transaction.atomic():
        locked = _locked(draft)
        if locked.job:
            return locked.job
        if locked.preview is None or locked.preview.pk != preview:
            raise Changed("The mapping was changed after this preview. Look at the new preview first.")
        if locked.preview.state not in (JobState.DONE, JobState.PARTIAL):
            raise Refused("The preview has not come to its end: nobody knows yet what the import would do.")
        _refuse_problems(locked, may_create=may_create)
        if is_outdated(locked):
            raise Refused("Properties have other rules now than the preview went by. Preview the file again.")
        total = locked.preview.total
        locked.job = start_import(locked.workspace, **_facts(locked), actor=actor, total=total)
        locked.save(update_fields=["job", "updated_at"])
        _keep_longer(refuse_deleted(locked))
    draft.refresh_from_db()
    return locked.job


def is_outdated(draft: ImportDraft) -> bool:
    """Whether the properties that the file is about keep other rules now than its preview began with."""
    measure = draft.preview and draft.preview.parameters.get("measure")
    if not measure:
        return False
    return bool(measure != measure_of(schema_of(draft.workspace), Mapping.from_json(draft.mapping)))


def _has_failed(preview: Job) -> bool:
    return preview.state in (JobState.FAILED, JobState.CANCELLED)


def _locked(draft: ImportDraft) -> ImportDraft:
    # Without related rows: those would be as they were before the lock was waited for.
    locked = ImportDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise Refused("This import was discarded.")
    refuse_deleted(locked)
    return locked


def _refuse_problems(draft: ImportDraft, *, may_create: bool) -> None:
    if problems := problems_of(draft, may_create=may_create):
        raise Refused(" ".join(problem.sentence for problem in problems[:_MOST_SAID]))


def _facts(draft: ImportDraft) -> dict[str, Any]:
    """What preview and import are both given, so that one does what the other showed."""
    return {
        "file": refuse_deleted(draft),
        "mapping": Mapping.from_json(draft.mapping),
        "origin": draft.origin,
        "delimiter": draft.delimiter,
        "encoding": draft.encoding,
    }


def _keep_longer(file: StoredFile) -> None:
    """The days count from the import, which may be paused, and have its refused rows corrected."""
    StoredFile.objects.filter(pk=file.pk).update(expires_at=timezone.now() + KEPT_FOR)
