"""What the screens ask about jobs: pages of them, the worker behind them, the news of one operator's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from profiles.models import Job, JobRefusal, JobState, Operator, ProfileChange, Workspace
from profiles.models.job import JobQuerySet

from .keyset import Row

PAGE_SIZE: Final = 25
REFUSALS_SHOWN: Final = 50
MOST_NEWS: Final = 100
FEW: Final = 5_000
JUST_NOW: Final = timedelta(seconds=10)
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


@dataclass(frozen=True, slots=True)
class News:
    """An operator's jobs in a workspace that go on, and those that have stopped, which they have not seen.

    `watched` are the ids whose end a new page should tell: those that go on, and those that ended a moment
    ago, perhaps between two pages.
    """

    active: Sequence[Job]
    stopped: Sequence[Job]
    watched: Sequence[int]


# Most pages have no news, and to ask so costs them a tenth of what the jobs themselves would.
_HAS_NEWS: Final = """
    SELECT EXISTS (
        SELECT FROM profiles_job WHERE operator_id = %s AND workspace_id = %s AND seen_at IS NULL
    )
"""


def news_of(operator: Operator, workspace: Workspace) -> News:
    """One look into the index job_unseen, which holds little: what is seen leaves it."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_NEWS, [operator.pk, workspace.pk])
        if not cursor.fetchone()[0]:
            return News((), (), ())
    mine = Job.objects.filter(operator=operator, workspace=workspace, seen_at=None)
    jobs = mine.exclude(state=JobState.PAUSED).defer("cursor", "report").order_by("-pk")[:MOST_NEWS]
    active = [job for job in jobs if job.goes_on]
    stopped = [job for job in jobs if not job.goes_on]
    lately = timezone.now() - JUST_NOW
    just_ended = [job for job in stopped if job.finished_at and job.finished_at > lately]
    return News(active, stopped, [job.pk for job in (*active, *just_ended)])


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of refusal: how many there are of it, and the first as it was said."""

    text: str
    number: int
    example: str
    line: int | None
    subject: str

    @property
    def said(self) -> str:
        """What the example says beyond the kind: mostly the value."""
        _, _, value = self.example.partition("; ")
        return value or (self.example if self.example != self.text else "")


# Sentences of the validators quote values behind a semicolon or in “”: without both they are alike. A column
# that is named keeps its name.
_KIND: Final = "regexp_replace(split_part({reason}, '; ', 1), '(?<!^Column )“[^”]*”', '“…”', 'g')"
# Walks the index refusal_of_job.
_REASONS: Final = f"""
    SELECT kind, number, example, first.line, first.subject
    FROM (
        SELECT {_KIND.format(reason="reason")} AS kind, count(*) AS number,
            (array_agg(id ORDER BY line, id))[1] AS id
        FROM (
            SELECT unnest(reasons) AS reason, line, id FROM profiles_jobrefusal
            WHERE job_id = %s ORDER BY line, id LIMIT %s
        ) AS single
        GROUP BY kind ORDER BY number DESC, kind LIMIT %s
    ) AS kinds
    JOIN profiles_jobrefusal AS first USING (id)
    CROSS JOIN LATERAL (
        SELECT example FROM unnest(first.reasons) AS example
        WHERE {_KIND.format(reason="example")} = kind LIMIT 1
    ) AS said
    ORDER BY number DESC, kind
"""


def reasons_of(job: Job, *, among: int, most: int = 20) -> list[Reason]:
    """The most frequent kinds of reasons among the first `among` that were given."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [job.pk, among, most])
        return [Reason(*row) for row in cursor.fetchall()]


def retries_of(job: Job) -> JobQuerySet:
    """The jobs that tried again what this one refused, in their order.

    Walks the index job_newest down to the job: a retry is younger.
    """
    younger = Job.objects.filter(workspace=job.workspace_id, pk__gt=job.pk, kind=job.kind)
    return younger.filter(parameters__retries=job.pk).defer("cursor", "report").order_by("pk")


Place = tuple[int | None, int]
"""Line and id of a refusal, beyond which a page begins."""


@dataclass(frozen=True, slots=True)
class RefusalPage:
    refusals: Sequence[JobRefusal]
    next: Place | None


def refusal_page(job: Job, *, beyond: Place | None = None) -> RefusalPage:
    """Refused rows in the order of the file; all of a job's have a line, or none has.

    Walks the index refusal_of_job.
    """
    found = job.refusals.order_by("line", "id")
    if beyond is not None:
        line, pk = beyond
        if line is None:
            found = found.filter(line=None, pk__gt=pk)
        else:
            found = found.filter(GreaterThan(Row(F("line"), F("pk")), Row(Value(line), Value(pk))))
    refusals = list(found[: REFUSALS_SHOWN + 1])
    page = refusals[:REFUSALS_SHOWN]
    last = page[-1] if len(refusals) > REFUSALS_SHOWN else None
    return RefusalPage(page, (last.line, last.pk) if last else None)


def touched_by(job: Job, deeds: Sequence[str]) -> Q:
    """The condition of having been created or updated by the job.

    Few are looked up first, in the index change_by_job; for many, the planner walks along the profiles or
    along the job's changes, whichever ends first. The counters say how many there can be.
    """
    changes = ProfileChange.objects.own().filter(job=job, deed__in=deeds).order_by()
    if sum(getattr(job, deed) for deed in deeds) <= FEW:
        return Q(pk__in=set(changes.values_list("profile_id", flat=True)[: FEW + 1]))
    return Q(pk__in=changes.values("profile_id"))
