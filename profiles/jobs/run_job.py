"""Gives the jobs that operators watch their turns."""

from django.db import connections
from procrastinate import JobContext
from procrastinate.contrib.django import app

from profiles.operations import jobs


@app.task(name="profiles.jobs.run_job", pass_context=True)
def run_job(context: JobContext, job: int) -> None:
    try:
        jobs.run_job(job, is_told_to_stop=context.should_abort)
    finally:
        connections.close_all()


@app.periodic(cron="* * * * * */5")
@app.task(name="profiles.jobs.mend_jobs", queueing_lock="mend_jobs")
def mend_jobs(timestamp: int) -> None:
    """Every five seconds, so that a job whose worker was killed goes on soon."""
    try:
        jobs.mend_jobs()
    finally:
        connections.close_all()
