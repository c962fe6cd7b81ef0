"""What the screens ask about jobs: pages of them, the worker behind them, the news of one operator's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateWorker

from profiles.models import Job
from profiles.models.job import JobQuerySet

PAGE_SIZE: Final = 25
SILENT_FOR: Final = timedelta(seconds=30)
"""A worker says every ten seconds that it is there; after so long without a word it is not."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """Jobs, newest first; `newer` and `older` are whether there are more in that direction."""

    jobs: Sequence[Job]
    newer: bool
    older: bool


def job_page(found: JobQuerySet, *, before: int | None = None, after: int | None = None) -> JobPage:
    """The page of jobs older than the id `before`, or newer than the id `after`; else the newest.

    Walks the index job_newest, so that a page deep in the past costs what the first one does.
    """
    found = found.defer("cursor")
    if after is not None:
        upward = list(found.filter(pk__gt=after).order_by("pk")[: PAGE_SIZE + 1])
        if len(upward) > PAGE_SIZE:
            return JobPage(upward[:PAGE_SIZE][::-1], newer=True, older=after > 0)
        before = None
    beyond = found if before is None else found.filter(pk__lt=before)
    jobs = list(beyond.order_by("-pk")[: PAGE_SIZE + 1])
    return JobPage(jobs[:PAGE_SIZE], newer=before is not None, older=len(jobs) > PAGE_SIZE)


def is_worker_there() -> bool:
    """Whether some worker has said lately that it is there."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - SILENT_FOR).exists()
