"""Jobs whose work counts, jobs that have written something, and what their undo leaves."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from django.db.models import Model

from profiles.models import Door, Job, JobKind, JobState, Operator, Workspace
from profiles.operations.jobs import Run, queue_job, queueing, run_job, turn
from profiles.operations.jobs.undoing import start_undo
from profiles.operations.write import ProfileRow, write_profiles

Did = Callable[..., Job]
Work = Callable[[Run], None]
UseWork = Callable[[Work], None]
Stored = TypeVar("Stored", bound=Model)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> UseWork:
    """Changes are what the function says: what a kind of work does is not the matter here."""

    def use(work: Work) -> None:
        monkeypatch.setattr(turn, "WORK", {JobKind.CHANGE: work})

    return use


@pytest.fixture
def job(acme: Workspace, editor: Operator) -> Job:
    return queue_job(acme, kind=JobKind.CHANGE, verb="tag", actor=editor, subject="Everybody", total=30)


def count_to(last: int, *, by: int = 10) -> Work:
    """Counts on from the cursor, in batches, each time looking whether it is to stop."""

    def work(run: Run) -> None:
        start = Job.objects.get(pk=run.job.pk).cursor.get("at", 0)
        for at in range(start, last, by):
            run.check()
            run.record({"updated": by}, cursor={"at": at + by})

    return work


@pytest.fixture
def did(acme: Workspace, editor: Operator) -> Did:
    """A job that has written these rows, and ended: what its kind of work is, is not the matter here."""

    def did(*rows: ProfileRow, kind: JobKind = JobKind.IMPORT, state: JobState = JobState.DONE) -> Job:
        job = queueing.make_job(acme, kind=kind, actor=editor, subject="people.csv")
        outcomes = write_profiles(acme, rows, mode="upsert", source=Door.IMPORT, actor=editor, job=job)
        counts = dict.fromkeys(("created", "updated", "unchanged", "refused"), 0)
        for outcome in outcomes:
            counts[outcome.status] += 1
        Job.objects.filter(pk=job.pk).update(state=state, total=len(rows), **counts)
        return Job.objects.get(pk=job.pk)

    return did


def undone(job: Job, **parameters: Any) -> Job:
    """The undo job of `job`, at its end."""
    undo = start_undo(job, actor=job.operator)
    Job.objects.filter(pk=undo.pk).update(parameters=undo.parameters | parameters)
    return run_job(undo.pk)


def counts(job: Job) -> dict[str, int]:
    names = ("updated", "erased", "unchanged", "refused")
    return {name: number for name in names if (number := getattr(job, name))}


def reread(thing: Stored) -> Stored:
    return type(thing)._default_manager.get(pk=thing.pk)
