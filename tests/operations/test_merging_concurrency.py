"""Merges among writers, erasures and other merges, for real: threads with connections of their own."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, connections, transaction

from profiles.errors import Refused
from profiles.models import (
    Deed,
    Door,
    Identifier,
    IdentifierKind,
    Merge,
    Profile,
    ProfileChange,
    Workspace,
    profile_id,
)
from profiles.operations.erase import erase_profiles
from profiles.operations.faces import Content, write_face
from profiles.operations.merging import merge_profiles, unmerge
from profiles.operations.rows import Mode, Outcome, ProfileRow
from profiles.operations.write import write_profiles
from profiles.queries.faces import Name, Pair, find_face
from profiles.queries.names import find_profiles

from .conftest import together
from .test_write_concurrency import until_waiting

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
ROUNDS = 30
NAMES = [f"p{number}" for number in range(6)]


def write(workspace: Workspace, names: list[str], value: int) -> int:
    """Returns how many rows changed somebody."""
    rows = [ProfileRow(name, values={"custom.value": value}, add_tags=[f"t{value % 7}"]) for name in names]
    outcomes = write_profiles(workspace, rows, mode="upsert", source=Door.IMPORT, actor=None)
    assert {outcome.status for outcome in outcomes} <= {"created", "updated", "unchanged"}
    return sum(outcome.status != "unchanged" for outcome in outcomes)


def merge(workspace: Workspace, absorbed: str, survivor: str) -> bool:
    ids = {"absorbed": absorbed, "survivor": survivor}
    with suppress(Refused):
        merge_profiles(
            workspace,
            **{side: profile_id(workspace, "live", name) for side, name in ids.items()},
            door=Door.CONSOLE,
            actor=None,
        )
        return True
    return False


def unmerge_some(chance: random.Random) -> None:
    merges = list(Merge.objects.order_by("id"))
    if merges:
        with suppress(Refused):
            unmerge(chance.choice(merges), door=Door.CONSOLE, actor=None)


def assert_nobody_is_left_over() -> None:
    for table in ("profiles_identifier", "profiles_profilechange", "profiles_merge"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {table} t LEFT JOIN profiles_profile p ON p.id = t.profile_id"
                " WHERE p.id IS NULL"
            )
            assert cursor.fetchone() == (0,), table
    absorbed = Identifier.objects.filter(kind=IdentifierKind.DISTINCT_ID).values_list("value", flat=True)
    assert not Profile.objects.filter(distinct_id__in=list(absorbed)).exists()
    assert Merge.objects.count() == len(absorbed)


def test_of_two_merges_against_each_other_one_is_done(acme: Workspace) -> None:
    for turn in range(8):
        names = [f"a{turn}", f"b{turn}"]
        write(acme, names, 1)

        def work(number: int, names: list[str] = names) -> bool:
            return merge(Workspace.objects.get(pk=acme.pk), names[number % 2], names[1 - number % 2])

        assert sum(together(work, count=WORKERS)) == 1
    assert Merge.objects.count() == Profile.objects.count() == 8
    assert_nobody_is_left_over()


def test_nothing_that_was_written_meanwhile_is_lost(acme: Workspace) -> None:
    """Among merges, chains of them and their ends, each write finds somebody, and stays in the history."""

    def work(number: int) -> int:
        chance, written = random.Random(number), 0
        workspace = Workspace.objects.get(pk=acme.pk)
        for turn in range(ROUNDS):
            if number == 0:
                merge(workspace, *chance.sample(NAMES, 2))
            elif number == 1 and turn % 2:
                unmerge_some(chance)
            else:
                written += write(workspace, chance.sample(NAMES, 4), number * 1_000 + turn)
        return written

    written = sum(together(work, count=WORKERS))
    assert Merge.objects.exists() or ProfileChange.objects.filter(deed=Deed.UNMERGED).exists()
    kept = ProfileChange.objects.filter(door=Door.IMPORT).count()
    assert kept == written
    assert find_profiles(acme, "live", NAMES).keys() == set(NAMES)
    assert_nobody_is_left_over()


def test_erasing_meanwhile_leaves_no_orphan(acme: Workspace) -> None:
    def work(number: int) -> None:
        chance = random.Random(number)
        workspace = Workspace.objects.get(pk=acme.pk)
        for turn in range(ROUNDS):
            if number == 0:
                merge(workspace, *chance.sample(NAMES, 2))
            elif number == 1:
                ids = list(Profile.objects.order_by("?").values_list("pk", flat=True)[:2])
                erase_profiles(workspace, ids, source=Door.CONSOLE, actor=None)
            else:
                write(workspace, chance.sample(NAMES, 4), number * 1_000 + turn)

    together(work, count=WORKERS)
    assert_nobody_is_left_over()


@pytest.mark.parametrize("mode", ["upsert", "create"])
def test_who_is_erased_while_a_write_to_an_absorbed_name_waits_does_not_come_back(
    acme: Workspace, mode: Mode
) -> None:
    write(acme, ["alice", "bob"], 1)
    assert merge(acme, "bob", "alice")

    def write_bob() -> list[Outcome]:
        try:
            row = ProfileRow("bob", values={"city": "Bath"})
            return write_profiles(acme, [row], mode=mode, source=Door.IMPORT, actor=None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            alice = profile_id(acme, "live", "alice")
            erase_profiles(acme, [alice], source=Door.CONSOLE, actor=None)
            waiting = pool.submit(write_bob)
            until_waiting(1)
        (outcome,) = waiting.result(20)
    assert (outcome.status, outcome.distinct_id) == ("created", "bob")
    assert list(Profile.objects.values_list("distinct_id", "city")) == [("bob", "Bath")]


def test_the_first_merge_waits_in_no_circle_with_others_who_change_the_workspace(acme: Workspace) -> None:
    """The first pair of source and type, new properties and a merge all lock the row of the workspace."""
    pair, name = Pair("crm", "user"), Name("email", "eve@example.com")

    def work(number: int) -> None:
        workspace = Workspace.objects.get(pk=acme.pk)
        if number < 2:
            assert merge(workspace, NAMES[2 * number], NAMES[2 * number + 1])
            return
        for turn in range(3):
            write_face(
                workspace,
                "live",
                lambda: find_face(workspace, "live", pair, name),
                Content(pair, [name, Name("visit", f"{number}-{turn % 2}")], {f"custom.n{number}{turn}": 1}),
                deed="put",
                source=Door.ZENDESK,
                actor=None,
            )

    for _ in range(4):
        write(acme, NAMES, 1)
        together(work, count=WORKERS)
        for merged in Merge.objects.all():
            unmerge(merged, door=Door.CONSOLE, actor=None)
        acme.source_types.all().delete()
        Workspace.objects.update(has_absorbed=False)
