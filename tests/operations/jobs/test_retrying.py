"""Trying again what a job over a selection refused; rows of files are tested with imports."""

import pytest

from profiles.errors import Refused
from profiles.models import Door, Job, JobKind, JobState, Operator, Profile, Workspace
from profiles.operations.jobs import Refusal, queue_job, run_job
from profiles.operations.jobs.retrying import retry_refused
from profiles.operations.jobs.running import Run
from profiles.operations.selections import select
from profiles.queries.jobs import retries_of
from tests.conftest import Make


@pytest.fixture
def job(acme: Workspace, editor: Operator, make_profile: Make) -> Job:
    """It tagged everybody in Germany, and refused ann and bob."""
    for name in ("ann", "bob", "cid"):
        make_profile(name, country="DE")
    made = queue_job(
        acme,
        kind=JobKind.CHANGE,
        verb="tag",
        actor=editor,
        parameters={"tags": ["vip"], "words": "Tag vip", "door": Door.CONSOLE, "agreed": 3, "exactly": True},
        selection=select(acme, operator=editor, query="country=DE", is_everything=True),
    )
    Job.objects.filter(pk=made.pk).update(state=JobState.RUNNING)
    refusals = [
        Refusal(["Busy."], name, row={"profile": str(Profile.objects.get(distinct_id=name).pk)})
        for name in ("ann", "bob")
    ]
    Run(made).record({"refused": 2, "updated": 1}, refusals=refusals)
    Job.objects.filter(pk=made.pk).update(state=JobState.PARTIAL, total=3)
    return Job.objects.get(pk=made.pk)


def tagged() -> set[str]:
    return set(Profile.objects.filter(tags__contains=["vip"]).values_list("distinct_id", flat=True))


def test_exactly_those_are_tried_again(job: Job, editor: Operator) -> None:
    again = retry_refused(job, actor=editor)
    assert again.subject == f"2 that job {job.pk} refused"
    assert Job.objects.get(pk=again.pk).parameters["retries"] == job.pk
    assert [each.pk for each in retries_of(job)] == [again.pk]
    done = run_job(again.pk)
    assert (done.state, done.updated, done.problem) == (JobState.DONE, 2, "")
    assert tagged() == {"ann", "bob"}


def test_who_has_left_the_filter_is_not_meant_any_more(job: Job, editor: Operator) -> None:
    Profile.objects.filter(distinct_id="ann").update(country="FR")
    done = run_job(retry_refused(job, actor=editor).pk)
    assert (done.state, done.updated) == (JobState.DONE, 1)
    assert tagged() == {"bob"}


def test_a_job_that_goes_on_or_refused_nobody_is_not_tried_again(job: Job, editor: Operator) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    with pytest.raises(Refused, match="once a job has ended"):
        retry_refused(Job.objects.get(pk=job.pk), actor=editor)
    job.refusals.all().delete()
    with pytest.raises(Refused, match="Nobody is left"):
        retry_refused(job, actor=editor)
