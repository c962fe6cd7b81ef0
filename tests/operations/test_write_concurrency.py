"""Several writers at once, for real: threads with connections of their own."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction

from profiles.models import Door, Operator, Profile, ProfileChange, Workspace, profile_id
from profiles.operations.bulk import start
from profiles.operations.erase import erase_profiles
from profiles.operations.identifiers import hold_names
from profiles.operations.selections import select
from profiles.operations.tags import register_tags
from profiles.operations.write import NewIdentifier, ProfileRow, take_turn, write_profiles

from .conftest import together

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4
ROUNDS = 12
PEOPLE = 150


def shuffled(seed: int) -> Iterator[str]:
    names = [f"user-{n}" for n in range(PEOPLE)]
    random.Random(seed).shuffle(names)
    return iter(names[: PEOPLE * 2 // 3])


def write(workspace: Workspace, rows: list[ProfileRow]) -> list[str]:
    outcomes = write_profiles(workspace, rows, mode="upsert", source=Door.IMPORT, actor=None)
    return [outcome.status for outcome in outcomes]


def test_overlapping_batches_neither_dead_lock_nor_lose_an_update(acme: Workspace) -> None:
    def work(number: int) -> None:
        for turn in range(ROUNDS):
            rows = [
                ProfileRow(name, values={f"custom.w{number}": turn}, add_tags=[f"w{number}", f"r{turn}"])
                for name in shuffled(number * 100 + turn)
            ]
            assert "refused" not in write(acme, rows)

    together(work, count=WRITERS)
    for profile in Profile.objects.all():
        last: dict[str, Any] = {}
        for change in profile.changes.order_by("id"):
            assert {key: last.get(key) for key in change.old} == change.old
            last |= change.new
        last_tags = last.pop("tags")
        assert sorted(profile.tags) == sorted(last_tags)
        assert {f"custom.{key}": value for key, value in profile.custom.items()} | {
            "status": "active"
        } == last
    for number in range(WRITERS):
        for name in set(shuffled(number * 100 + ROUNDS - 1)):
            profile = Profile.objects.get(distinct_id=name)
            assert profile.custom[f"w{number}"] == ROUNDS - 1
            assert f"w{number}" in profile.tags


def test_one_of_many_creators_of_a_profile_creates_it(acme: Workspace) -> None:
    for turn in range(ROUNDS):
        names = [f"turn-{turn}-{n}" for n in range(40)]

        def work(number: int, names: list[str] = names) -> list[str]:
            mine = random.Random(number).sample(names, len(names))
            rows = [ProfileRow(name, values={f"custom.w{number}": 1}) for name in mine]
            return [status for _, status in sorted(zip(mine, write(acme, rows), strict=True))]

        for results in zip(*together(work, count=WRITERS), strict=True):
            assert sorted(results) == ["created"] + ["updated"] * (WRITERS - 1)
    assert all(len(profile.custom) == WRITERS for profile in Profile.objects.all())


def test_a_name_is_given_to_one_profile_only(acme: Workspace) -> None:
    def work(number: int) -> list[str]:
        rows = [ProfileRow(f"p{number}-{n}", identifiers=[NewIdentifier(f"name-{n}")]) for n in range(30)]
        random.Random(number).shuffle(rows)
        return write(acme, rows)

    statuses = [status for result in together(work, count=WRITERS) for status in result]
    assert sorted(set(statuses)) == ["created", "refused"]
    assert statuses.count("created") == 30


def test_a_bulk_change_waits_for_a_writer_that_brings_the_same_tag(acme: Workspace) -> None:
    """It holds no row meanwhile, or the two would wait for each other."""
    write(acme, [ProfileRow("alice")])
    operator = Operator.objects.create(username="operator")
    chosen = select(acme, operator=operator, query="", ids=[profile_id(acme, "live", "alice")])
    has_registered = Event()

    def work(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                register_tags(acme, {"new"})
                has_registered.set()
                wait_until_somebody_waits()
                write(acme, [ProfileRow("alice", values={"city": "Rome"}, add_tags=["new"])])
        elif number == 1:
            assert has_registered.wait(30)
            start(chosen, "tag", {"tags": ["new", "other"]}, agreed=1, actor=operator)

    together(work, count=WRITERS)
    assert Profile.objects.get().tags == ["new", "other"]


def wait_until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_sleep(0.05), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("Nobody waits.")


def test_erasing_while_others_write_leaves_no_orphan(acme: Workspace) -> None:
    def work(number: int) -> None:
        for turn in range(ROUNDS):
            if number % 2:
                ids = list(Profile.objects.order_by("?").values_list("pk", flat=True)[:60])
                erase_profiles(acme, ids, source=Door.CONSOLE, actor=None)
            else:
                names = shuffled(number * 100 + turn)
                write(acme, [ProfileRow(name, values={"custom.turn": turn}) for name in names])

    together(work, count=WRITERS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM profiles_profilechange c"
            " LEFT JOIN profiles_profile p ON p.id = c.profile_id WHERE p.id IS NULL"
        )
        assert cursor.fetchone() == (0,)
    assert not Profile.objects.exclude(pk__in=ProfileChange.objects.values("profile_id")).exists()


def test_who_is_overtaken_with_names_held_waits_in_no_circle(acme: Workspace) -> None:
    """First creates carol; held has a name and would create her, too; other wants the name held has."""
    named = ProfileRow("dave", identifiers=[NewIdentifier("C-1", "crm")])

    def hold() -> list[str]:
        with transaction.atomic():
            take_turn(acme)
            hold_names(acme, [named])
            held.set()
            return write(acme, [ProfileRow("carol", values={"city": "Bath"})])

    def closing(work: Callable[[], list[str]]) -> list[str]:
        try:
            return work()
        finally:
            connections.close_all()

    held = Event()
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            write(acme, [ProfileRow("carol")])
            overtaken = pool.submit(closing, hold)
            assert held.wait(10)
            waiting = pool.submit(closing, lambda: write(acme, [named]))
            until_waiting(2)
        assert overtaken.result(20) == ["updated"]
        assert waiting.result(20) == ["created"]


def until_waiting(number: int) -> None:
    deadline = monotonic() + 10
    asked = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    while monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(asked)
            if cursor.fetchone()[0] == number:
                return
        sleep(0.01)
    raise AssertionError("They do not wait.")
