"""Finding whom a job created or updated."""

from datetime import datetime

import pytest
from django.db import connection
from django.http import QueryDict

from profiles.filters.profiles import ProfileFilter
from profiles.models import Job, Profile, ProfileChange, Workspace
from profiles.queries import jobs
from tests.filters.conftest import NOW, found, problems


@pytest.fixture
def job(people: Workspace) -> Job:
    """It created ann and updated ann and bob."""
    made = Job.objects.create(
        workspace=people, kind="import", subject="people.csv", created=1, updated=2, queued_at=NOW
    )
    for name, deed in (("ann", "created"), ("ann", "updated"), ("bob", "updated")):
        profile = Profile.objects.get(distinct_id=name, workspace=people)
        ProfileChange.objects.create(
            profile=profile, at=datetime.now(NOW.tzinfo), deed=deed, door="import", job=made
        )
    return made


@pytest.mark.parametrize("few", [0, 5_000])
def test_it_finds_whom_the_job_created_or_updated(
    people: Workspace, job: Job, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "FEW", few)
    assert found(people, f"job={job.pk}") == "ann bob"
    assert found(people, f"job={job.pk}&outcome=created") == "ann"
    assert found(people, f"job={job.pk}&outcome=updated") == "ann bob"
    assert found(people, f"job={job.pk}&outcome=updated&country=FR") == "bob"


def test_its_chip_is_in_words(people: Workspace, job: Job) -> None:
    for query, words in [
        (f"job={job.pk}&outcome=created", f"Created by job {job.pk} (people.csv)"),
        (f"job={job.pk}", f"Changed by job {job.pk} (people.csv)"),
        ("outcome=created", "Created by a job"),
    ]:
        (part,) = ProfileFilter(QueryDict(query), workspace=people).parts
        assert part.label == words
        assert part.without == ""


@pytest.mark.parametrize("text", ["0", "x", "1e3", "9" * 30, "-1", "۱"])
def test_a_job_that_is_not_there_finds_nothing_and_says_so(people: Workspace, text: str) -> None:
    assert problems(people, f"job={text}") == f"Job: there is no job “{text}” in this workspace."


def test_a_job_of_another_workspace_is_not_there(globex: Workspace, job: Job) -> None:
    assert problems(globex, f"job={job.pk}") == f"Job: there is no job “{job.pk}” in this workspace."


def test_an_outcome_needs_its_job(people: Workspace) -> None:
    assert problems(people, "outcome=created") == "Outcome: of which job? Add “job” to the address."
    assert "Select a valid choice" in problems(people, "job=1&outcome=erased")


def test_many_are_found_along_the_index_of_the_job(
    people: Workspace, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "FEW", 0)
    sql, parameters = (
        ProfileFilter(QueryDict(f"job={job.pk}&outcome=created"), workspace=people)
        .matching()
        .query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "change_" in plan
