"""Working in the foreground: a job with its progress, until it ends or somebody stops it."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import TextIO

from profiles.errors import Refused
from profiles.models import Job, JobState
from profiles.operations.jobs import pause_job, run_job

from .progress import ProgressBar


def run_in_foreground(job: Job, *, stream: TextIO, size: int | None) -> Job:
    """The job as it stands then: ended, or paused by Ctrl-C behind the batch that was under way.

    `size` is how many there are to do; `stream` is told how far it is.
    """
    done = 0
    with _stopping() as is_told_to_stop, closing(ProgressBar(stream, size)) as bar:

        def show(counts: Mapping[str, int]) -> None:
            nonlocal done
            done += sum(counts.values())
            bar.show(rows=done, position=done)

        job = run_job(job.pk, is_told_to_stop=is_told_to_stop, committed=show, takes_turns=False)
    if job.state == JobState.QUEUED:
        pause_unless_ended(job)
        job.refresh_from_db()
    return job


def pause_unless_ended(job: Job) -> None:
    """A worker that was quicker may have brought it to its end meanwhile."""
    with suppress(Refused):
        pause_job(job)


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """What stops a service ends the work within as Ctrl-C does, by KeyboardInterrupt."""
    if not _gets_signals():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C, or what stops a service, came."""
    told = threading.Event()
    if not _gets_signals():
        yield told.is_set
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: told.set()) for number in numbers]
    try:
        yield told.is_set
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _gets_signals() -> bool:
    return threading.current_thread() is threading.main_thread()
