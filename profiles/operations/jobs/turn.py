"""Giving a job a turn, and finding the jobs whose worker was killed."""

import errno
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import reduce
from operator import add
from typing import Final

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.errors import Refused
from profiles.models import COUNTERS, Job, JobKind, JobState
from profiles.models.job import MOST_FAILURES, JobQuerySet

from .ending import end_job
from .queueing import hand_over
from .running import TASK, Asked, Interrupted, Lost, Run, TurnOver, never
from .work import WORK

logger = logging.getLogger(__name__)

# Held by the session of a connection of its own as long as a worker is at the job. PostgreSQL lets go of it
# at once when the worker is killed, and soon when its machine is gone.
_HOLD: Final = "SELECT pg_try_advisory_lock(%s, %s)"
_LOCK_CLASS: Final = -0x4A6F62
_KEEPALIVES: Final = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
_SILENCE: Final = timedelta(minutes=1)
"""Workers say every ten seconds that they live."""
_DISK_FULL: Final = "53100"
_WITH: Final = ("workspace", "operator", "selection__operator", "selection__workspace", "file", "undoes")


def run_job(
    job_id: int,
    *,
    is_told_to_stop: Callable[[], bool] = never,
    committed: Callable[[Mapping[str, int]], None] = lambda counts: None,
    takes_turns: bool = True,
) -> Job:
    """Work on the job until it ends, somebody stops it, or its turn is over; returns how it stands then.

    Does nothing where another worker is at it, or where it waits for nobody. `committed` is called behind
    every batch with what it counted. Not inside a transaction.
    """
    with _held(job_id) as is_ours:
        if is_ours and (job := _claimed(job_id)):
            _work(Run(job, is_told_to_stop, committed, takes_turns))
    return Job.objects.get(pk=job_id)


def mend_jobs() -> None:
    """Let jobs go on whose worker was killed, that were interrupted, or whose place in the queue was lost."""
    for job in Job.objects.filter(state=JobState.RUNNING):
        with _held(job.pk) as is_ours:
            if is_ours:
                _interrupt(job, "The worker was killed.")
    for job in Job.objects.filter(state=JobState.INTERRUPTED, failures__lt=MOST_FAILURES):
        pause = timedelta(seconds=2**job.failures - 2)  # None the first time.
        if not job.beat_at or timezone.now() - job.beat_at > pause:
            _queue_again(job)
    a_while_ago = Now() - timedelta(seconds=30)
    for job in Job.objects.filter(state=JobState.QUEUED, queued_at__lt=a_while_ago):
        waiting = ProcrastinateJob.objects.filter(task_name=TASK, status="todo")
        if not waiting.filter(args__job=job.pk).exists():
            hand_over(job)
    _clear_queue()


def _clear_queue() -> None:
    """Forget what killed workers were at: the queue would say for ever that somebody is doing it.

    Whatever is to go on is put on the queue anew, by us or by those who mend other kinds of work.
    """
    is_silent = Q(worker=None) | Q(worker__last_heartbeat__lt=Now() - _SILENCE)
    ProcrastinateJob.objects.filter(is_silent, status="doing").delete()


@contextmanager
def _held(job_id: int) -> Iterator[bool]:
    """Whether nobody else is at the job; it is ours then until the end of the block."""
    parameters = connection.get_connection_params()
    options = f"{parameters.pop('options', '')} {_KEEPALIVES}".strip()
    with psycopg.connect(**parameters, options=options, autocommit=True) as own:
        found = own.execute(_HOLD, [_LOCK_CLASS, job_id % 2**31]).fetchone()
        yield bool(found and found[0])


def _claimed(job_id: int) -> Job | None:
    """The job with a new number of its run, if it is one that may go on. A killed worker's may."""
    now = timezone.now()
    claimed = Job.objects.filter(
        pk=job_id, state__in=(JobState.QUEUED, JobState.INTERRUPTED, JobState.RUNNING)
    ).update(
        state=JobState.RUNNING,
        run=F("run") + 1,
        problem="",
        started_at=Coalesce("started_at", Value(now)),
        resumed_at=now,
        beat_at=now,
        done_before=reduce(add, map(F, COUNTERS)),
    )
    return Job.objects.select_related(*_WITH).get(pk=job_id) if claimed else None


def _work(run: Run) -> None:
    job = run.job
    try:
        run.check()
        WORK[JobKind(job.kind)](run)
        job.refresh_from_db(fields=["refused"])
        end_job(job, JobState.PARTIAL if job.refused else JobState.DONE)
    except TurnOver:
        _queue_again(job)
    except Asked as asked:
        _stop(job, asked.state)
    except Lost:
        logger.warning("Job %s went on elsewhere.", job.pk)
    except Refused as refusal:
        end_job(job, JobState.FAILED, problem=str(refusal))
    except Interrupted as interruption:
        _interrupt(job, str(interruption))
    except (OperationalError, InterfaceError, OSError) as error:
        connection.close()
        _interrupt(job, _in_words(error))
    except Exception as error:
        logger.exception("Job %s failed.", job.pk)
        problem = f"An error that nobody foresaw: {type(error).__name__}: {error}"
        end_job(job, JobState.FAILED, problem=problem[:1000])


@transaction.atomic
def _queue_again(job: Job) -> None:
    now = timezone.now()
    left = Job.objects.active().filter(pk=job.pk, run=job.run).exclude(state=JobState.PAUSED)
    if left.update(state=JobState.QUEUED, queued_at=now):
        hand_over(job)


def _stop(job: Job, state: JobState) -> None:
    if state == JobState.CANCELLED:
        end_job(job, state)
    else:
        _running(job).update(state=state, wish="")


def _interrupt(job: Job, problem: str) -> None:
    _running(job).update(state=JobState.INTERRUPTED, problem=problem, failures=F("failures") + 1)


def _running(job: Job) -> JobQuerySet:
    return Job.objects.filter(pk=job.pk, run=job.run, state=JobState.RUNNING)


def _in_words(error: Exception) -> str:
    is_full = getattr(error, "errno", None) == errno.ENOSPC
    if is_full or getattr(error.__cause__, "sqlstate", None) == _DISK_FULL:
        return "There is no space left on the disk. What was done is kept; free some space and resume."
    if isinstance(error, OSError):
        return f"A file could not be read or written: {error.strerror or error}."
    return f"The database was not to be had: {str(error).strip() or type(error).__name__}"
