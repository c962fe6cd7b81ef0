"""One worker's turn at a job: it records batches, hears what operators ask, and lets others have a turn."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.models import COUNTERS, Job, JobRefusal, JobState, Wish

# Guarded by the number of the run: who was taken for dead in the meantime adds nothing. The commit that
# follows does not wait for the disk: a crash of PostgreSQL would take the batch and its cursor alike.
_RECORD: Final = f"""
    UPDATE profiles_job
    SET {", ".join(f"{name} = {name} + %({name})s" for name in COUNTERS)},
        cursor = cursor || %(cursor)s::jsonb, beat_at = clock_timestamp(), failures = 0
    WHERE id = %(id)s AND run = %(run)s AND state = 'running'
    RETURNING wish, set_config('synchronous_commit', 'off', true)
"""
TASK: Final = "profiles.jobs.run_job"
_SECONDS_A_TURN: Final = 10.0
_SECONDS_BETWEEN_LOOKS: Final = 1.0


class Lost(Exception):
    """The job is somebody else's by now, or was ended: nothing that is under way may be committed."""


class TurnOver(Exception):
    """Others wait, or the worker is to stop: the job goes to the end of the queue."""


class Interrupted(Exception):
    """Something that the work needs is gone for the moment; the sentence says what."""


class Asked(Exception):
    """An operator asked the job to pause or to end."""

    def __init__(self, state: JobState) -> None:
        super().__init__(state)
        self.state = state


@dataclass(slots=True, frozen=True)
class Refusal:
    """A row or a profile that was refused; see JobRefusal."""

    reasons: list[str]
    subject: str = ""
    line: int | None = None
    row: Any = None


def never() -> bool:
    return False


@dataclass(slots=True)
class Run:
    """What the work of a job is given. Its threads may share it, each with a connection of its own.

    `setup_seconds` is what a resumed turn spends before it comes to new work, such as reading a file up to
    the place; a turn lasts at least four times as long, so that taking turns costs a fifth at most. Who
    works in the foreground does not take turns.
    """

    job: Job
    is_told_to_stop: Callable[[], bool] = never
    committed: Callable[[Mapping[str, int]], None] = lambda counts: None
    takes_turns: bool = True
    setup_seconds: float = 0.0
    _wish: str = field(init=False)
    _began: float = field(default_factory=time.monotonic)
    _looked: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._wish = self.job.wish

    def record(
        self,
        counts: Mapping[str, int],
        *,
        cursor: Mapping[str, Any] | None = None,
        refusals: Iterable[Refusal] = (),
    ) -> None:
        """Add to the counters (by the names of COUNTERS), and merge `cursor` into the job's.

        Call it last in the transaction of the batch: both are committed together, or none. Raises Lost, which
        has to undo the batch.
        """
        _keep(self.job, refusals)
        values = {name: counts.get(name, 0) for name in COUNTERS}
        with connection.cursor() as database:
            database.execute(
                _RECORD,
                values
                | {
                    "cursor": orjson.dumps(dict(cursor or {})).decode(),
                    "id": self.job.pk,
                    "run": self.job.run,
                },
            )
            found = database.fetchone()
        if not found:
            raise Lost
        self._wish = found[0]
        transaction.on_commit(lambda: self.note(counts, cursor or {}))

    def check(self) -> None:
        """Between two batches: raises Asked, TurnOver or Lost where the work is to stop here."""
        if self.is_told_to_stop():
            raise TurnOver
        now = time.monotonic()
        if now - self._looked > _SECONDS_BETWEEN_LOOKS:
            self._looked = now
            self._look()
            turn = max(_SECONDS_A_TURN, 4 * self.setup_seconds)
            if self.takes_turns and now - self._began > turn and self._others_wait():
                raise TurnOver
        if self._wish == Wish.PAUSE:
            raise Asked(JobState.PAUSED)
        if self._wish == Wish.CANCEL:
            raise Asked(JobState.CANCELLED)

    @transaction.atomic
    def start_over(self) -> None:
        """As if nothing had been done: for work that changes nothing, and has lost what it found out."""
        JobRefusal.objects.filter(job=self.job).delete()
        fresh = {**dict.fromkeys(COUNTERS, 0), "done_before": 0, "cursor": {}, "report": {}}
        if not self._own().update(**fresh):
            raise Lost
        for name, value in fresh.items():
            setattr(self.job, name, value)

    def set_total(self, total: int) -> None:
        """How many rows or profiles there are to do, as soon as that is known."""
        self._own().update(total=total)
        self.job.total = total

    def report(self, **found: Any) -> None:
        """Merge what the work found out into the job's report."""
        self.job.report = {**self.job.report, **found}
        self._own().update(report=self.job.report)

    def _own(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, run=self.job.run, state=JobState.RUNNING)

    def _look(self) -> None:
        found = self._own().values_list("wish", flat=True).first()
        if found is None:
            raise Lost
        self._wish = found

    def _others_wait(self) -> bool:
        """Jobs and other tasks; where a worker was free, they would have been begun at once."""
        jobs = Job.objects.filter(state=JobState.QUEUED, queued_at__lt=Now() - timedelta(seconds=1))
        tasks = ProcrastinateJob.objects.filter(status="todo").exclude(task_name=TASK)
        return jobs.exists() or tasks.exists()

    def note(self, counts: Mapping[str, int], cursor: Mapping[str, Any]) -> None:
        with self._lock:
            for name, number in counts.items():
                setattr(self.job, name, getattr(self.job, name) + number)
            self.job.cursor = {**self.job.cursor, **cursor}
            self.committed(counts)


def _keep(job: Job, refusals: Iterable[Refusal]) -> None:
    JobRefusal.objects.bulk_create(
        [
            JobRefusal(
                job=job, line=each.line, subject=each.subject[:1024], reasons=each.reasons, row=each.row
            )
            for each in refusals
        ],
        batch_size=1_000,
    )
