"""Jobs over the same profiles at the same time, by real threads on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.models import (
    DeletionReceipt,
    Door,
    Job,
    JobState,
    Operator,
    Profile,
    ProfileChange,
    Selection,
    SelectionMember,
    Wish,
    Workspace,
)
from profiles.operations.bulk import facts_of
from profiles.operations.erase import erase_profiles, hash_of
from profiles.operations.jobs import queueing, run_job
from profiles.operations.jobs.queueing import cancel_job, make_job, pause_job, resume_job
from profiles.operations.selections import copy_for_job, select
from profiles.operations.write import ProfileRow, write_profiles

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 300


@pytest.fixture
def everybody(acme: Workspace, editor: Operator) -> Selection:
    rows = [ProfileRow(f"person-{number}", values={"city": "Bonn"}) for number in range(SIZE)]
    write_profiles(acme, rows, mode="create", source=Door.IMPORT, actor=None)
    return select(acme, operator=editor, query="", is_everything=True)


def job_of(selection: Selection, verb: str, batch: int, **given: Any) -> Job:
    facts = facts_of(selection, verb, given, actor=selection.operator, agreed=None, door=Door.CONSOLE)
    facts["parameters"]["batch"] = batch
    return make_job(selection.workspace, selection=copy_for_job(selection), **facts)


def at_once(*deeds: Callable[[], Job]) -> list[Job]:
    def done(deed: Callable[[], Job]) -> Job:
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as executor:
        return list(executor.map(done, deeds))


def test_changes_and_a_new_tag_over_the_same_profiles_do_not_wait_in_a_circle(everybody: Selection) -> None:
    jobs = [
        job_of(everybody, "set", 7, path="city", value="Berlin"),
        job_of(everybody, "tag", 11, tags="new;newer"),
        job_of(everybody, "untag", 13, tags="newest"),
        job_of(everybody, "disable", 5),
    ]
    done = at_once(*(lambda job=job: run_job(job.pk) for job in jobs))  # type: ignore[misc]
    assert [job.state for job in done] == [JobState.DONE] * 4
    assert [job.total for job in done] == [SIZE] * 4
    left = Profile.objects.filter(city="Berlin", status="disabled", tags=["new", "newer"])
    assert left.count() == SIZE
    assert ProfileChange.objects.filter(job__in=jobs).count() == 3 * SIZE


def test_a_change_and_two_erasures_share_the_profiles_out(everybody: Selection) -> None:
    jobs = [
        job_of(everybody, "set", 7, path="city", value="Berlin"),
        job_of(everybody, "delete", 11),
        job_of(everybody, "delete", 13, deny=True),
    ]
    changed, *erasures = at_once(*(lambda job=job: run_job(job.pk) for job in jobs))  # type: ignore[misc]
    assert not Profile.objects.exists()
    assert sum(job.erased for job in erasures) == SIZE
    assert sum(receipt.count for receipt in DeletionReceipt.objects.all()) == SIZE
    for job in (changed, *erasures):
        assert job.state in (JobState.DONE, JobState.PARTIAL)
        assert job.total == job.updated + job.erased + job.refused
        assert {tuple(refusal.reasons) for refusal in job.refusals.all()} <= {("It was deleted meanwhile.",)}


def test_writers_from_elsewhere_do_not_wait_in_a_circle_with_a_job(
    acme: Workspace, everybody: Selection
) -> None:
    job = job_of(everybody, "replace", 17, path="city", find="n", replacement="m")

    def write() -> Job:
        for number in range(SIZE - 1, 0, -10):
            rows = [ProfileRow(f"person-{each}", add_tags=[f"tag-{each % 3}"]) for each in range(number)]
            write_profiles(acme, rows[::-1], mode="upsert", source=Door.IMPORT, actor=None)
        return job

    done, _ = at_once(lambda: run_job(job.pk), write)
    assert (done.state, done.updated) == (JobState.DONE, SIZE)
    assert Profile.objects.filter(city="Bomm").count() == SIZE


def test_several_writers_share_out_the_profiles_of_one_job(everybody: Selection) -> None:
    job = job_of(everybody, "replace", 7, path="city", find="n", replacement="nn")
    job.parameters["writers"] = 3
    job.save()
    done = run_job(job.pk)
    assert (done.state, done.updated, done.total) == (JobState.DONE, SIZE, SIZE)
    assert ProfileChange.objects.filter(job=job).count() == SIZE
    assert Profile.objects.filter(city="Bonnnn").count() == SIZE


@pytest.mark.parametrize("batches", [1, 5, 20])
def test_writers_that_are_stopped_go_on_where_each_of_them_was(everybody: Selection, batches: int) -> None:
    """Also where the next release has other batches."""
    job = job_of(everybody, "replace", 7, path="city", find="n", replacement="nn")
    job.parameters["writers"] = 2
    job.save()
    left = iter(range(batches))
    run_job(job.pk, is_told_to_stop=lambda: next(left, None) is None)
    stopped = Job.objects.get(pk=job.pk)
    assert stopped.state == JobState.QUEUED
    assert stopped.updated < SIZE
    stopped.parameters["batch"] = 11
    stopped.save()
    done = run_job(job.pk)
    assert (done.state, done.updated, done.run) == (JobState.DONE, SIZE, 2)
    assert Profile.objects.filter(city="Bonnnn").count() == SIZE


def test_the_end_of_a_large_one_is_left_to_a_worker(
    everybody: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits in front of a page while millions of members are forgotten."""
    monkeypatch.setattr(queueing, "_MOST_AT_ONCE", SIZE - 1)
    job = job_of(everybody, "replace", 7, path="city", find="n", replacement="nn")
    left = iter(range(3))
    run_job(job.pk, is_told_to_stop=lambda: next(left, None) is None)
    pause_job(job)
    cancel_job(job)
    waiting = Job.objects.get(pk=job.pk)
    assert (waiting.state, waiting.wish) == (JobState.QUEUED, Wish.CANCEL)
    assert SelectionMember.objects.filter(selection=job.selection).count() == SIZE
    assert ProcrastinateJob.objects.filter(args__job=job.pk, status="todo").exists()
    done = run_job(job.pk)
    assert (done.state, done.updated) == (JobState.CANCELLED, waiting.updated)
    assert not SelectionMember.objects.filter(selection=job.selection).exists()


@pytest.mark.parametrize("batches", [4, 9])
@pytest.mark.parametrize("end", [cancel_job, resume_job])
def test_a_receipt_is_of_those_who_were_erased_whichever_writer_did_it_and_wherever_it_stopped(
    acme: Workspace, everybody: Selection, batches: int, end: Callable[[Job], None]
) -> None:
    job = job_of(everybody, "delete", 7)
    job.parameters["writers"] = 2
    job.save()
    ids = set(Profile.objects.values_list("pk", flat=True))
    left = iter(range(batches))
    run_job(job.pk, is_told_to_stop=lambda: next(left, None) is None)
    assert DeletionReceipt.objects.get(job=job).ids_hash == ""
    others = set(Profile.objects.filter(distinct_id__endswith="3").values_list("pk", flat=True))
    erase_profiles(acme, others, source=Door.CONSOLE, actor=None)
    pause_job(job)
    end(job)
    job = run_job(job.pk)
    erased = ids - others - set(Profile.objects.values_list("pk", flat=True))
    receipt = DeletionReceipt.objects.get(job=job)
    assert 0 < len(erased) == job.erased == receipt.count
    assert receipt.ids_hash == hash_of(erased)
    assert job.refused == (len(others) if end is resume_job else 0)
    assert not SelectionMember.objects.exists()
