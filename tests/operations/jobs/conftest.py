"""Jobs that have written something, and what their undo leaves."""

from collections.abc import Callable
from typing import Any

import pytest

from profiles.models import Door, Job, JobKind, JobState, Operator, Profile, Workspace
from profiles.operations.jobs import queueing, run_job
from profiles.operations.jobs.undoing import start_undo
from profiles.operations.write import ProfileRow, write_profiles

Did = Callable[..., Job]


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


def reread(profile: Profile) -> Profile:
    return Profile.objects.get(pk=profile.pk)
