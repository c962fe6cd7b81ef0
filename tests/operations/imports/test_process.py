"""Writers in processes of their own do what writers in threads do."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from profiles.models import Job, JobState, Profile, ProfileChange, Workspace
from profiles.operations.erase import erase_profiles
from profiles.operations.imports import process
from profiles.operations.jobs import resume_job, run_job
from profiles.operations.merging import merge_profiles
from tests.conftest import Make

from .conftest import MakeJob, csv_of, results

pytestmark = pytest.mark.django_db(transaction=True)

EACH_A_PROCESS: dict[str, Any] = {"large": 0, "batch": 7}
ROWS = [
    *(
        f"person-{number % 40},Name {number},19{number % 99:02}-02-01,vip;n{number % 5},"
        for number in range(100)
    ),
    "broken,Nobody,one day,,",
    ",Without an ID,,,nameless@example.com",
]
TEXT = csv_of("distinct_id,name,birthday,tags,email", ROWS)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[process.WriterProcess]]:
    """The writers of the test, of whom none may be left."""
    found: list[process.WriterProcess] = []

    class Known(process.WriterProcess):
        ends_with = 0

        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            found.append(self)

    monkeypatch.setattr("profiles.operations.jobs.importing.WriterProcess", Known)
    yield found
    assert [writer._process.poll() for writer in found] == [writer.ends_with for writer in found]


def stored() -> list[Any]:
    return list(Profile.objects.order_by("name").values_list("name", "birthday", "tags", "email"))


def import_twice_each_way(make_job: MakeJob, workspace: Workspace, **options: Any) -> list[Any]:
    """What jobs with these options find and leave, each in an empty workspace, and what was stored."""
    found = []
    for large in (10**9, 0):
        job = run_job(make_job(TEXT, batch=7, large=large, **options).pk)
        report = {key: value for key, value in job.report.items() if key != "position"}
        found.append((job.state, job.total, results(job), report, stored(), ProfileChange.objects.count()))
        erase_profiles(workspace, Profile.objects.values_list("pk", flat=True), source="command", actor=None)
    return found


@pytest.mark.parametrize("is_preview", [False, True])
def test_the_end_is_that_of_threads(
    started: list[Any], make_job: MakeJob, acme: Workspace, is_preview: bool
) -> None:
    threads, processes = import_twice_each_way(make_job, acme, is_preview=is_preview)
    assert len(started) == 2
    assert processes == threads
    assert threads[2][0]["refused"] == 1


def test_what_changes_nothing_is_passed_over_and_nothing_else(
    started: list[Any], make_job: MakeJob, acme: Workspace, make_profile: Make
) -> None:
    """As threads do it, which look at every row: in the order of the file, whatever changes in between."""
    people = [f"person-{number},Name {number},vip" for number in range(200)]
    again = [
        *people[:90],
        *("person-7,Seven,", "person-7,Name 7,", "person-7,Seven,", ",Nobody,", "gone,Anna,"),
        "person-8,Eight," + "x" * 100,
        *people[90:],
        *people[5:12],
    ]
    found = []
    for large in (10**9, 0):
        make_profile("ann", name="Anna"), make_profile("gone")
        run_job(make_job(csv_of("distinct_id,name,tags", people)).pk)
        gone, ann = (Profile.objects.get(distinct_id=name).pk for name in ("gone", "ann"))
        merge_profiles(acme, absorbed=gone, survivor=ann, door="console", actor=None)
        before = ProfileChange.objects.count()
        job = run_job(
            make_job(csv_of("distinct_id,name,tags", again), batch=7, large=large, mode="update").pk
        )
        found.append((results(job), stored(), ProfileChange.objects.count() - before))
        erase_profiles(acme, Profile.objects.values_list("pk", flat=True), source="command", actor=None)
    threads, processes = found
    assert processes == threads
    assert threads[0][0] == {"updated": 4, "unchanged": 207, "refused": 2}


def test_half_a_character_is_refused_in_words(started: list[Any], make_job: MakeJob) -> None:
    text = '{"distinct_id": "ana", "name": "Ana"}\n{"distinct_id": "bob", "name": "\\ud800"}\n'
    counts, refused = results(run_job(make_job(text, name="people.jsonl", **EACH_A_PROCESS).pk))
    assert counts == {"created": 1, "refused": 1}
    assert refused[0][0] == 2
    assert "Name may not contain characters that cannot be stored" in refused[0][1]


def test_people_are_found_by_their_email(started: list[Any], make_job: MakeJob) -> None:
    text = csv_of("email,name", ["a@example.com,Ana", "A@example.com,Anna"])
    job = run_job(make_job(text, match="email", **EACH_A_PROCESS).pk)
    assert results(job) == ({"created": 1, "updated": 1}, [])


def test_a_killed_writer_interrupts_the_job_which_then_goes_on(
    started: list[Any], make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(TEXT, **EACH_A_PROCESS)

    def kill_one(counts: object) -> None:
        if not started[0].ends_with:
            started[0].ends_with = -signal.SIGKILL
            os.kill(started[0]._process.pid, signal.SIGKILL)

    found = run_job(job.pk, committed=kill_one)
    assert found.state == JobState.INTERRUPTED
    assert found.problem == "A process that writes for this job was killed."
    assert 0 < found.done < 102
    resume_job(found)
    found = run_job(job.pk)
    assert (found.state, found.total, found.refused) == (JobState.PARTIAL, 102, 1)
    assert Profile.objects.count() == 41


def test_what_postgresql_says_reaches_the_job(started: list[Any], make_job: MakeJob, tmp_path: Path) -> None:
    job = make_job(TEXT, **EACH_A_PROCESS)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE profiles_profilechange RENAME TO elsewhere")
    try:
        found = run_job(job.pk)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO profiles_profilechange")
    assert found.state == JobState.FAILED
    assert "profiles_profilechange" in found.problem
    assert Job.objects.get(pk=job.pk).done == Profile.objects.count() == 0
