"""Which rows an import passes over, and when it looks for such."""

from typing import Any

import pytest
from django.db import connection

from profiles.imports import Position
from profiles.models import Job, JobState, Profile, Workspace
from profiles.operations.imports.sending import received
from profiles.operations.imports.settings import ImportSettings
from profiles.operations.imports.shortcut import Shortcut
from profiles.operations.imports.writers import Writer
from profiles.operations.imports.writing import writing
from profiles.operations.jobs.running import Run
from tests.conftest import Make

from .conftest import MakeJob, csv_of, results

pytestmark = pytest.mark.django_db(transaction=True)


def row(line: int, name: str, more: tuple[Any, ...] = (), **values: Any) -> list[Any]:
    return [line, line, 0, name, "live", values, *more]


def shortcut(job: Job) -> Shortcut:
    return Shortcut(job, ImportSettings.of(job))


def test_it_is_taken_behind_a_batch_that_mostly_changed_nothing(
    make_job: MakeJob, make_profile: Make
) -> None:
    make_profile("ann", city="Rome")
    rows = [row(2, "ann", city="Rome"), row(3, "bob", city="Rome")]
    way = shortcut(make_job("distinct_id\n"))
    assert way.taken(rows) == (rows, ())
    way.learn({"unchanged": 3, "updated": 2}, 5)
    assert way.taken(rows) == ([rows[1]], [2])
    way.learn({"unchanged": 2, "updated": 2}, 4)
    assert way.taken(rows) == (rows, ())


@pytest.mark.parametrize(
    "options", [{"mode": "create"}, {"mode": "replace"}, {"existing": "keep"}, {"is_preview": True}]
)
def test_it_is_none_where_rows_are_not_passed_over_for_their_values(
    make_job: MakeJob, make_profile: Make, options: dict[str, Any]
) -> None:
    make_profile("ann", city="Rome")
    rows = [row(2, "ann", city="Rome")]
    way = shortcut(make_job("distinct_id\n", **options))
    way.learn({"unchanged": 1}, 1)
    assert way.taken(rows) == (rows, ())


def test_what_asks_for_more_than_values_is_left(make_job: MakeJob, make_profile: Make) -> None:
    make_profile("ann", city="Rome")
    dropped = [False, (), (), ["A value was left out."]]
    named = [False, [["a@example.com", "email", "", ""]], (), ()]
    for more in (dropped, named, [True, (), (), ()]):
        rows = [row(2, "ann", tuple(more), city="Rome")]
        way = shortcut(make_job("distinct_id\n"))
        way.learn({"unchanged": 1}, 1)
        assert way.taken(rows) == (rows, [])
    refused = [[2, 2, 0, "\ud800 no name", None, None, False, (), ["Not text."], ()], row(3, "")]
    assert way.taken(refused) == (refused, [])


def test_what_was_passed_over_is_counted_with_the_commit_whose_place_is_behind_it(
    make_job: MakeJob, acme: Workspace
) -> None:
    """The database takes offence at one row, so the others are written apart, each commit with a cursor."""
    job = make_job(csv_of("distinct_id,custom.code", ["zoe,x"]))
    job.state, job.run = JobState.RUNNING, 1
    job.save()
    commits = []
    run = Run(job, committed=lambda counts: commits.append((job.cursor["0"][0], counts["unchanged"])))
    writer = Writer(0, run, writing(job, ImportSettings.of(job), None), counts_nameless=True)
    too_long = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(3_000))
    rows = [row(n, f"user-{n}", **{"custom.code": too_long if n == 5 else "y"}) for n in (2, 4, 5, 9)]
    unchanged = [3, 6, 7, 8, 10]
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX too_small ON profiles_profile ((custom -> 'code'), id)")
        try:
            writer.take([received(each) for each in rows], Position(10), unchanged)
        finally:
            cursor.execute("DROP INDEX too_small")
    assert results(Job.objects.get(pk=job.pk))[0] == {"created": 3, "refused": 1, "unchanged": 5}
    passed = 0
    for place, number in commits:
        passed += number
        assert passed == sum(line <= place for line in unchanged)
    assert len(commits) > 2
    assert Profile.objects.count() == 3
