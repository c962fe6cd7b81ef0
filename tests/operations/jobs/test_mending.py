"""Jobs whose worker was killed, or that fell off the queue, go on."""

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.models import Job, JobKind, JobState
from profiles.operations.jobs import Run, mend_jobs, queue_job, resume_job, run_job, turn

from .conftest import UseWork, count_to, reread


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
