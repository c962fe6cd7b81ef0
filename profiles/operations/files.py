"""What is kept for a while only: files, what ended jobs say about people, what keys asked a while ago."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from profiles.models import FileRole, Job, JobRefusal, StoredFile

from .abandoned import abandoned
from .drafts import sweep_drafts
from .jobs.exporting import sweep_exports
from .keys import forget_old_requests
from .uploads import sweep_uploads

REFUSALS_KEPT_FOR: Final = timedelta(days=30)
_EXAMPLES: Final = "examples"
"""In the report of a job, at any depth: rows and values of single people."""


def delete_what_has_expired() -> None:
    """Safe to stop anywhere, and to run twice."""
    delete_expired_files()
    delete_old_refusals()
    delete_stray_files()
    sweep_uploads()
    sweep_drafts()
    sweep_exports()
    forget_old_requests()


def delete_expired_files() -> int:
    """Files past their time, but for those that a job is still to read; returns how many.

    First from the disk: a row without a file is found again, a file without a row would stay for longer.
    """
    needed = Exists(Job.objects.active().filter(file=OuterRef("pk")))
    expired = StoredFile.objects.filter(expires_at__lt=timezone.now()).exclude(needed)
    ids = list(expired.values_list("pk", flat=True))
    for file in StoredFile.objects.filter(pk__in=ids).iterator():
        file.path.unlink(missing_ok=True)
    StoredFile.objects.filter(pk__in=ids).delete()
    return len(ids)


def delete_old_refusals() -> None:
    """The refused rows of jobs that ended long ago, and examples in their reports. The counts stay."""
    old = Job.objects.ended().filter(finished_at__lt=timezone.now() - REFUSALS_KEPT_FOR)
    for job in old.filter(Exists(JobRefusal.objects.filter(job=OuterRef("pk")))).only("pk"):
        JobRefusal.objects.filter(job=job).delete()
    telling = old.alias(text=Cast("report", TextField())).filter(text__contains=f'"{_EXAMPLES}"')
    for job in telling.only("report"):
        Job.objects.filter(pk=job.pk).update(report=_without_examples(job.report))


def delete_stray_files() -> None:
    """Files that nothing knows of any more, such as those of a deleted workspace."""
    for role in FileRole.values:
        old = abandoned(Path(settings.FILES_DIR) / role, "[0-9a-f]*")
        found = {UUID(hex=path.name): path for path in old if _is_id(path.name)}
        known = set(StoredFile.objects.filter(pk__in=found).values_list("pk", flat=True))
        for pk in found.keys() - known:
            found[pk].unlink(missing_ok=True)


def _is_id(name: str) -> bool:
    return len(name) == 32 and all(letter in "0123456789abcdef" for letter in name)


def _without_examples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_examples(part) for key, part in value.items() if key != _EXAMPLES}
    return [_without_examples(part) for part in value] if isinstance(value, list) else value
