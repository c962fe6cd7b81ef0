"""A job's turns, with work that counts; whoever kills a worker finds it in test_killed_workers.py."""

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import AuditEntry, Job, JobKind, JobState, Workspace
from profiles.operations.jobs import Refusal, Run, queue_job, resume_job, run_job, running

from .conftest import UseWork, count_to, reread


def test_a_job_is_done_when_its_work_is(use: UseWork, job: Job) -> None:
    use(count_to(30))
    done = run_job(job.pk)
    assert (done.state, done.updated, done.total, done.run) == (JobState.DONE, 30, 30, 1)
    assert done.started_at
    assert done.finished_at
    entry = AuditEntry.objects.get(verb="tag")
    assert entry.actor == "editor"
    assert entry.details == {"job": job.pk, "state": "done", "updated": 30}


def test_what_it_refused_is_kept_and_makes_it_partial(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        refusal = Refusal(["No e-mail.", "No name."], subject="bob", line=7, row={"email": "?"})
        run.record({"updated": 1, "refused": 1}, refusals=[refusal])

    use(work)
    done = run_job(job.pk)
    assert (done.state, done.total) == (JobState.PARTIAL, 2)
    kept = job.refusals.get()
    assert (kept.line, kept.subject, kept.row) == (7, "bob", {"email": "?"})
    assert kept.reasons == ["No e-mail.", "No name."]


def test_work_that_cannot_go_on_says_why(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        raise Refused("The property was deleted.")

    use(work)
    assert run_job(job.pk).state == JobState.FAILED
    assert reread(job).problem == "The property was deleted."


def test_an_error_that_nobody_foresaw_is_named(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        raise ZeroDivisionError("by zero")

    use(work)
    done = run_job(job.pk)
    assert done.state == JobState.FAILED
    assert "ZeroDivisionError: by zero" in done.problem


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_interrupts_it_and_a_click_goes_on(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        run.record({"updated": 10}, cursor={"at": 10})
        raise OSError(28, "No space left on device")

    use(work)
    done = run_job(job.pk)
    assert done.state == JobState.INTERRUPTED
    assert "no space left" in done.problem
    use(count_to(30))
    resume_job(job)
    done = run_job(job.pk)
    assert (done.state, done.updated, done.problem, done.run) == (JobState.DONE, 30, "", 2)


def test_a_run_that_was_taken_for_dead_commits_nothing(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        run.record({"updated": 10}, cursor={"at": 10})
        Job.objects.filter(pk=job.pk).update(run=run.job.run + 1)
        run.record({"updated": 10}, cursor={"at": 20})

    use(work)
    found = run_job(job.pk)
    assert (found.state, found.updated, found.cursor) == (JobState.RUNNING, 10, {"at": 10})


def test_told_to_stop_it_goes_back_into_the_queue(use: UseWork, job: Job) -> None:
    use(count_to(30))
    assert run_job(job.pk, is_told_to_stop=lambda: True).state == JobState.QUEUED
    assert run_job(job.pk).state == JobState.DONE


def test_one_worker_at_a_time(use: UseWork, job: Job) -> None:
    found = []

    def work(run: Run) -> None:
        found.append(run_job(job.pk).run)
        run.record({"updated": 30})

    use(work)
    assert run_job(job.pk).state == JobState.DONE
    assert found == [1]


def test_the_rate_is_that_since_it_was_resumed(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(
        updated=300,
        total=1_000,
        done_before=100,
        state=JobState.RUNNING,
        resumed_at="2026-01-01T00:00:00Z",
        beat_at="2026-01-01T00:00:10Z",
    )
    found = reread(job)
    assert found.rate == 20
    assert found.time_left
    assert found.time_left.total_seconds() == 35


def test_in_the_foreground_it_takes_no_turns(
    use: UseWork, job: Job, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_SECONDS_A_TURN", -1.0)
    monkeypatch.setattr(running, "_SECONDS_BETWEEN_LOOKS", -1.0)
    waiting = queue_job(acme, kind=JobKind.CHANGE, actor=None)
    Job.objects.filter(pk=waiting.pk).update(queued_at=timezone.now() - timedelta(seconds=5))
    use(count_to(30))
    assert run_job(job.pk).state == JobState.QUEUED
    assert run_job(job.pk, takes_turns=False).state == JobState.DONE
