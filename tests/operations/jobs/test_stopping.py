"""What operators ask of jobs: to pause, to go on, to end."""

from collections.abc import Callable

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.errors import Refused
from profiles.models import AuditEntry, Job, JobState, Wish
from profiles.operations.jobs import Run, cancel_job, mend_jobs, pause_job, resume_job, run_job

from .conftest import UseWork, count_to, reread


def test_it_pauses_behind_a_batch_and_goes_on_where_it_was(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        run.record({"updated": 10}, cursor={"at": 10})
        pause_job(job)
        run.record({"updated": 10}, cursor={"at": 20})
        run.check()
        raise AssertionError("It did not hear.")

    use(work)
    assert run_job(job.pk).state == JobState.PAUSED
    assert run_job(job.pk).updated == 20  # A paused job has no turn.
    use(count_to(30))
    resume_job(job)
    done = run_job(job.pk)
    assert (done.state, done.updated) == (JobState.DONE, 30)


def test_it_is_cancelled_behind_a_batch_and_says_what_was_done(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        cancel_job(job)
        run.record({"updated": 10})
        run.check()

    use(work)
    done = run_job(job.pk)
    assert (done.state, done.updated, done.total) == (JobState.CANCELLED, 10, 30)
    assert AuditEntry.objects.get(verb="tag").details["state"] == "cancelled"
    with pytest.raises(Refused, match="ended"):
        resume_job(job)


@pytest.mark.parametrize("deed", [pause_job, cancel_job])
def test_a_job_that_waits_is_stopped_at_once(use: UseWork, job: Job, deed: Callable[[Job], None]) -> None:
    deed(job)
    deed(job)
    assert reread(job).state in {JobState.PAUSED, JobState.CANCELLED}
    use(count_to(30))
    assert run_job(job.pk).updated == 0


@pytest.mark.parametrize("deed", [pause_job, resume_job, cancel_job])
def test_a_job_that_has_ended_is_left_alone(use: UseWork, job: Job, deed: Callable[[Job], None]) -> None:
    use(count_to(30))
    run_job(job.pk)
    with pytest.raises(Refused, match="This job has ended"):
        deed(job)
    assert reread(job).state == JobState.DONE


def test_a_wish_outlives_the_worker_that_should_have_heard_it(use: UseWork, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run=1, wish=Wish.CANCEL)
    mend_jobs()
    use(count_to(30))
    assert run_job(job.pk).state == JobState.CANCELLED
    assert reread(job).updated == 0


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.INTERRUPTED])
def test_what_is_being_cancelled_is_not_paused_instead(use: UseWork, job: Job, state: JobState) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, wish=Wish.CANCEL)
    with pytest.raises(Refused, match="being cancelled"):
        pause_job(job)
    use(count_to(30))
    assert run_job(job.pk).state == JobState.CANCELLED


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.INTERRUPTED])
@pytest.mark.parametrize("wish", [Wish.CANCEL, Wish.PAUSE])
def test_a_wish_that_nobody_has_heard_gives_way_to_one_to_go_on(
    use: UseWork, job: Job, state: JobState, wish: Wish
) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, wish=wish)
    resume_job(job)
    use(count_to(30))
    assert run_job(job.pk).state == JobState.DONE


def test_who_resumes_it_may_run_it_without_the_queue(use: UseWork, job: Job) -> None:
    pause_job(job)
    ProcrastinateJob.objects.all().delete()
    resume_job(job, for_workers=False)
    assert not ProcrastinateJob.objects.exists()
    use(count_to(30))
    assert run_job(job.pk).state == JobState.DONE
