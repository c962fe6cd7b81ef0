"""Workers that are killed at random points, databases that go away, and who has to wait for whom.

What killed workers leave is compared, table by table, with what an undisturbed run leaves.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGTERM
from typing import Any

import pytest
from django.db import connection

from profiles.models import Job, JobState, Operator
from profiles.operations.jobs import mend_jobs, run_job
from tests.operations.jobs.sites import BATCH, Site
from tests.operations.jobs.workers import Workers, is_alive, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 25
SEED = 20261122
_TERMINATE = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@pytest.fixture
def operator(transactional_db: None) -> Operator:
    return Operator.objects.create(username="editor")


@pytest.fixture
def workers(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Workers]:
    settings.FILES_DIR = str(tmp_path)
    found = Workers()
    yield found
    found.close()


def undisturbed(operator: Operator, *, each: int) -> Site:
    site = Site("calm", operator, each=each)
    for job in site.jobs:
        assert run_job(job.pk).has_ended
    return site


def number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def test_killed_again_and_again_the_jobs_end_as_if_undisturbed(workers: Workers, operator: Operator) -> None:
    calm, dice = undisturbed(operator, each=300), random.Random(SEED)
    site = Site("stormy", operator, each=300)
    for _ in range(KILLS):
        worker = workers.start(concurrency=len(site.jobs))
        aim = site.done() + dice.randint(1, 4 * BATCH)
        wait_until(lambda: site.done() >= aim)  # noqa: B023
        time.sleep(dice.random() * 0.02)  # So that it is not always just behind a batch.
        assert not site.has_ended()
        workers.end(worker)
        mend_jobs()
        site.resume()
    workers.start(concurrency=len(site.jobs))
    wait_until(site.has_ended)
    assert site.story() == calm.story()


def test_nobody_has_to_look_after_killed_and_stopped_workers(workers: Workers, operator: Operator) -> None:
    calm, site = undisturbed(operator, each=100), Site("alone", operator, each=100)
    for signal in (None, SIGTERM):
        worker, aim = workers.start(), site.done() + 50
        wait_until(lambda: site.done() >= aim)  # noqa: B023
        workers.end(worker, *([signal] if signal else []))
    workers.start()
    wait_until(site.has_ended)
    assert site.story() == calm.story()


def test_a_database_that_goes_away_interrupts_them_only(workers: Workers, operator: Operator) -> None:
    calm, site, dice = undisturbed(operator, each=200), Site("cut", operator, each=200), random.Random(SEED)
    worker = workers.start()
    for _ in range(4):
        aim = min(site.done() + dice.randint(50, 150), 950)
        wait_until(lambda: site.done() >= aim)  # noqa: B023
        assert number(_TERMINATE)
    connection.close()
    wait_until(lambda: site.has_ended() or not is_alive(worker))
    assert is_alive(worker)
    assert site.story() == calm.story()


def test_two_workers_at_several_jobs_over_the_same_people(workers: Workers, operator: Operator) -> None:
    calm, site, before = (
        undisturbed(operator, each=200),
        Site("crowded", operator, each=200),
        number(_DEADLOCKS),
    )
    pair = [workers.start(concurrency=2) for _ in range(2)]
    wait_until(site.has_ended)
    for worker in pair:
        workers.end(worker, SIGTERM)
    assert site.story() == calm.story()
    assert number(_DEADLOCKS) == before


def test_a_small_job_does_not_wait_for_the_end_of_a_huge_one(workers: Workers, operator: Operator) -> None:
    """With room for one job at a time, they take turns."""
    huge, small = Site("huge", operator, each=3_000), Site("small", operator, each=10)
    ours = [huge.jobs[1], small.jobs[0]]
    Job.objects.exclude(pk__in=[job.pk for job in ours]).update(state=JobState.CANCELLED)
    Job.objects.filter(pk=ours[0].pk).update(parameters=ours[0].parameters | {"batch": 1})
    workers.start(concurrency=1)
    wait_until(lambda: Job.objects.get(pk=ours[1].pk).state == JobState.DONE)
    assert Job.objects.get(pk=ours[0].pk).state in (JobState.QUEUED, JobState.RUNNING)
