"""Queueing jobs, and what operators ask of them."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import (
    Actor,
    Job,
    JobKind,
    JobState,
    Selection,
    StoredFile,
    Wish,
    Workspace,
    key_of,
    operator_of,
)
from profiles.queue import enqueue

from .ending import end_job
from .walking import is_frozen

_WAITS = (JobState.PAUSED, JobState.INTERRUPTED)
# To forget two million people who wait for their turn takes a second, and to hash those erased as long.
_MOST_AT_ONCE: Final = 200_000


def make_job(
    workspace: Workspace,
    *,
    kind: JobKind,
    actor: Actor | None,
    verb: str = "",
    subject: str = "",
    parameters: dict[str, Any] | None = None,
    selection: Selection | None = None,
    file: StoredFile | None = None,
    undoes: Job | None = None,
    total: int | None = None,
) -> Job:
    """A job that is not on the queue: for who runs it right away, in the foreground."""
    return Job.objects.create(
        workspace=workspace,
        kind=kind,
        verb=verb,
        operator=operator_of(actor),
        key=key_of(actor),
        actor=actor.get_username() if actor else "",
        subject=subject[:1200],
        parameters=parameters or {},
        selection=selection,
        file=file,
        undoes=undoes,
        total=total,
        queued_at=timezone.now(),
    )


@transaction.atomic
def queue_job(workspace: Workspace, **facts: Any) -> Job:
    """Make a job, with the facts that `make_job` takes, and hand it to the workers."""
    job = make_job(workspace, **facts)
    hand_over(job)
    return job


def hand_over(job: Job) -> None:
    """To the workers, at the end of the queue. One time too many does no harm."""
    enqueue("run_job", job=job.pk)


@transaction.atomic
def pause_job(job: Job) -> None:
    """Stop it behind the batch it is at; it stays where it is. Pausing twice changes nothing."""
    found = _locked(job)
    if found.wish == Wish.CANCEL:
        raise Refused("This job is being cancelled: it cannot be paused.")
    if found.state in (JobState.QUEUED, JobState.INTERRUPTED):
        _update(job, state=JobState.PAUSED, wish=Wish.NONE)
    elif found.state == JobState.RUNNING:
        _update(job, wish=Wish.PAUSE)
    elif found.state != JobState.PAUSED:
        raise Refused(f"This job has ended ({found.get_state_display().lower()}): it cannot be paused.")


@transaction.atomic
def resume_job(job: Job, *, for_workers: bool = True) -> None:
    """Go on where it stopped; not on the queue where it is for who runs it right away.

    A wish to stop that no worker has heard yet is taken back.
    """
    found = _locked(job)
    if found.has_ended:
        raise Refused(f"This job has ended ({found.get_state_display().lower()}): it cannot go on.")
    _update(job, wish=Wish.NONE)
    if found.state in _WAITS:
        _update(job, state=JobState.QUEUED, failures=0, problem="", queued_at=timezone.now())
        if for_workers:
            hand_over(job)


@transaction.atomic
def cancel_job(job: Job) -> None:
    """End it behind the batch it is at; what is done stays done. A worker ends one in which many wait."""
    found = _locked(job)
    if found.state == JobState.RUNNING:
        _update(job, wish=Wish.CANCEL)
    elif not found.has_ended and is_frozen(found) and (found.total or 0) > _MOST_AT_ONCE:
        _update(job, wish=Wish.CANCEL, state=JobState.QUEUED, queued_at=timezone.now())
        hand_over(job)
    elif not found.has_ended:
        end_job(found, JobState.CANCELLED)
    elif found.state != JobState.CANCELLED:
        raise Refused(f"This job has ended ({found.get_state_display().lower()}): nothing is left to cancel.")


def _locked(job: Job) -> Job:
    return Job.objects.select_for_update().select_related(None).get(pk=job.pk)


def _update(job: Job, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(**values)
