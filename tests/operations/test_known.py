"""A profile that was just read is written in one statement, as `write_profiles` does it, or not at all."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from profiles.models import Operator, Profile, ProfileChange, Workspace
from profiles.operations.known import write_known
from profiles.operations.rows import Outcome, ProfileRow, Step
from profiles.operations.write import NewIdentifier, take_turn, write_profiles
from profiles.queries.records import Record, record
from tests.conftest import Make

FULL = {
    "email": "alice@example.com",
    "city": "Oxford",
    "birthday": "1990-05-04",
    "last_seen_at": "2026-01-31T09:30:00.120000+00:00",
    "tags": ["vip"],
    "channel.sms": "+4915112345678",
    "custom.plan": "pro",
    "custom.seats": 3,
}


def read(workspace: Workspace, profile: Profile) -> Record:
    found = record(workspace, profile.pk)
    assert found
    return found


def write(workspace: Workspace, known: Record, by: Operator | None = None, **values: Any) -> Outcome | None:
    row = ProfileRow(
        known.distinct_id, known.environment, {k.replace("__", "."): v for k, v in values.items()}
    )
    return write_known(workspace, row, known, mode="update", source="api", actor=by)


def changes_of(profile: Profile) -> list[dict[str, Any]]:
    told = ("deed", "old", "new", "door", "actor", "operator_id", "job_id")
    return list(ProfileChange.objects.filter(profile=profile).order_by("id").values(*told))


@pytest.mark.parametrize(
    "values",
    [
        {"city": "Rome"},
        {"city": None, "email": "new@example.com"},
        {"birthday": None, "last_seen_at": "2026-02-01T00:00:00+00:00"},
        {"custom.plan": "free", "custom.seats": None, "channel.sms": None},
        {"tags": None, "status": "disabled"},
        {"city": "Oxford"},
        {path: value for path, value in FULL.items() if path != "tags"},
    ],
)
def test_it_does_what_write_profiles_does(
    acme: Workspace, editor: Operator, make_profile: Make, values: dict[str, Any]
) -> None:
    ours, theirs = (make_profile(name, **dots(FULL)) for name in ("ours", "theirs"))
    known = read(acme, ours)
    row = ProfileRow("ours", values=values)
    quick = write_known(acme, row, known, mode="update", source="api", actor=editor)
    (slow,) = write_profiles(
        acme, [ProfileRow("theirs", values=values)], mode="update", source="api", actor=editor
    )
    assert quick
    assert (quick.status, quick.changed) == (slow.status, slow.changed)
    now, other = read(acme, ours), read(acme, theirs)
    assert quick.record == now
    assert now._replace(id=other.id, distinct_id="theirs", created_at=other.created_at, updated_at=None) == (
        other._replace(updated_at=None)
    )
    assert changes_of(ours) == changes_of(theirs)


def dots(values: dict[str, Any]) -> dict[str, Any]:
    return {path.replace(".", "__"): value for path, value in values.items()}


@pytest.mark.parametrize(
    "row",
    [
        ProfileRow("alice", values={"tags": ["new"]}),
        ProfileRow("alice", add_tags=["new"]),
        ProfileRow("alice", values={"city": "Rome"}, identifiers=[NewIdentifier("C-1", "crm_id")]),
        ProfileRow("alice", steps=[Step("custom.seats", "add", 1)]),
        ProfileRow("bob", values={"city": "Rome"}),
    ],
)
def test_what_needs_more_than_the_profile_is_left_to_write_profiles(
    acme: Workspace, alice: Profile, row: ProfileRow
) -> None:
    known = read(acme, alice)
    assert write_known(acme, row, known, mode="upsert", source="api", actor=None) is None
    assert read(acme, alice) == known


def test_a_profile_that_was_changed_or_deleted_since_is_not_touched(acme: Workspace, alice: Profile) -> None:
    known = read(acme, alice)
    write_profiles(acme, [ProfileRow("alice", values={"city": "Rome"})], mode="update", source="", actor=None)
    before = changes_of(alice)
    assert write(acme, known, city="Oslo") is None
    assert (read(acme, alice).city, changes_of(alice)) == ("Rome", before)
    Profile.objects.filter(pk=alice.pk).delete()
    assert write(acme, known, city="Oslo") is None


def test_each_change_has_a_later_moment_even_where_a_clock_goes_back(acme: Workspace, alice: Profile) -> None:
    Profile.objects.filter(pk=alice.pk).update(updated_at=timezone.now() + timedelta(hours=1))
    known = read(acme, alice)
    quick = write(acme, known, city="Rome")
    assert quick
    assert quick.record
    assert quick.record.updated_at > known.updated_at
    write_profiles(acme, [ProfileRow("alice", values={"city": "Oslo"})], mode="update", source="", actor=None)
    assert read(acme, alice).updated_at > quick.record.updated_at
    assert write(acme, quick.record, city="Bonn") is None


class Elsewhere:
    """Another connection, in a thread of its own."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1)

    def do(self, deed: Callable[[], Any]) -> Future[Any]:
        return self._executor.submit(deed)

    def close(self) -> None:
        self._executor.submit(connections.close_all).result()
        self._executor.shutdown()


def wait_until_one_waits() -> None:
    """In a transaction, PostgreSQL goes on telling what it told first."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < until, "Nobody waits."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_alone", [True, False])
def test_it_waits_for_who_is_at_the_profile_and_then_leaves_it_as_they_did(
    acme: Workspace, alice: Profile, is_alone: bool
) -> None:
    known, elsewhere = read(acme, alice), Elsewhere()
    try:
        with transaction.atomic():
            take_turn(acme, alone=is_alone)
            theirs = ProfileRow("alice", values={"city": "Rome"})
            write_profiles(acme, [theirs], mode="update", source="", actor=None)
            ours = elsewhere.do(lambda: write(acme, known, city="Oslo"))
            wait_until_one_waits()
            assert not ours.done()
        assert ours.result(10) is None
    finally:
        elsewhere.close()
    assert read(acme, alice).city == "Rome"
    assert len(changes_of(alice)) == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_each_change_is_kept_or_said_not_to_be(acme: Workspace, alice: Profile) -> None:
    def change(number: int) -> int:
        try:
            kept = 0
            for each in range(10):
                kept += bool(write(acme, read(acme, alice), city=f"{number}-{each}"))
            return kept
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as executor:
        kept = sum(executor.map(change, range(6)))
    assert kept > 0
    assert len(changes_of(alice)) == 1 + kept
