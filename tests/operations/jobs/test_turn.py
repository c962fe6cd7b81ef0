"""Jobs and their turns, with work that counts; whoever kills a worker finds it in test_killed_workers.py."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.errors import Refused
from profiles.models import AuditEntry, Job, JobKind, JobState, Operator, Wish, Workspace
from profiles.operations.jobs import (
    Refusal,
    Run,
    cancel_job,
    mend_jobs,
    pause_job,
    queue_job,
    resume_job,
    run_job,
    running,
    turn,
)

Work = Callable[[Run], None]
UseWork = Callable[[Work], None]


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


def reread(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


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


def test_the_job_of_a_killed_worker_is_found_and_queued(use: UseWork, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run=1)
    mend_jobs()
    assert reread(job).state == JobState.QUEUED
    use(count_to(30))
    assert run_job(job.pk).state == JobState.DONE


def test_the_job_of_a_busy_worker_is_left_alone(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run=1)
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as worker:
        worker.execute("SELECT pg_advisory_lock(%s, %s)", [turn._LOCK_CLASS, job.pk])
        mend_jobs()
    assert reread(job).state == JobState.RUNNING


def test_a_wish_outlives_the_worker_that_should_have_heard_it(use: UseWork, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run=1, wish=Wish.CANCEL)
    mend_jobs()
    use(count_to(30))
    assert run_job(job.pk).state == JobState.CANCELLED
    assert reread(job).updated == 0


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.INTERRUPTED])
@pytest.mark.parametrize("wish", [Wish.CANCEL, Wish.PAUSE])
def test_a_wish_that_nobody_has_heard_gives_way_to_one_to_go_on(
    use: UseWork, job: Job, state: JobState, wish: Wish
) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, wish=wish)
    resume_job(job)
    use(count_to(30))
    assert run_job(job.pk).state == JobState.DONE


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_again_and_again_waits_for_a_click(use: UseWork, job: Job) -> None:
    def work(run: Run) -> None:
        raise OperationalError("no route to host")

    use(work)
    runs = 0
    while run_job(job.pk).state == JobState.INTERRUPTED and runs < 20:
        Job.objects.filter(pk=job.pk).update(beat_at="2020-01-01T00:00Z")
        mend_jobs()
        runs += 1
        if reread(job).state == JobState.INTERRUPTED:
            break
    assert runs == 5
    assert "no route to host" in reread(job).problem
    resume_job(job)
    assert reread(job).state == JobState.QUEUED


def test_a_queued_job_that_the_queue_has_lost_is_put_on_it_again(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    Job.objects.filter(pk=job.pk).update(queued_at="2020-01-01T00:00Z")
    mend_jobs()
    mend_jobs()
    assert [each.args for each in ProcrastinateJob.objects.all()] == [{"job": job.pk}]


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


def test_who_resumes_it_may_run_it_without_the_queue(use: UseWork, job: Job) -> None:
    pause_job(job)
    ProcrastinateJob.objects.all().delete()
    resume_job(job, for_workers=False)
    assert not ProcrastinateJob.objects.exists()
    use(count_to(30))
    assert run_job(job.pk).state == JobState.DONE


def test_the_queue_forgets_what_killed_workers_were_at(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '2 minutes'), (now()) RETURNING id"
        )
        silent, busy = (number for (number,) in cursor.fetchall())
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [silent])
    own = queue_job(job.workspace, kind=JobKind.CHANGE, actor=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE status = 'todo'", [busy]
        )
    mend_jobs()
    assert [each.args for each in ProcrastinateJob.objects.all()] == [{"job": own.pk}]


def test_who_was_killed_for_the_first_time_goes_on_at_once(use: UseWork, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, run=1, beat_at=timezone.now())
    mend_jobs()
    assert reread(job).state == JobState.QUEUED
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, beat_at=timezone.now())
    mend_jobs()
    assert (reread(job).state, reread(job).failures) == (JobState.INTERRUPTED, 2)
