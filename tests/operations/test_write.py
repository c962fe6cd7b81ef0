"""The one way in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import (
    Door,
    Operator,
    Profile,
    ProfileChange,
    Tag,
    Workspace,
)
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles

from .writing import statuses, write


def test_it_creates_with_columns_channels_custom_and_tags(acme: Workspace, editor: Operator) -> None:
    values = {
        "email": "bob@example.com",
        "birthday": "1990-02-28",
        "channel.sms": "+15550100",
        "custom.seats": 5,
        "tags": ["vip", "beta"],
    }
    (outcome,) = write(acme, ProfileRow("bob", values=values), actor=editor)
    bob = Profile.objects.get(pk=outcome.id)
    assert (outcome.status, bob.status, bob.email) == ("created", "active", "bob@example.com")
    assert (bob.channels, bob.custom, bob.tags) == ({"sms": "+15550100"}, {"seats": 5}, ["vip", "beta"])
    assert str(bob.birthday) == "1990-02-28"
    assert bob.sources == ["console"]
    assert set(Tag.objects.values_list("name", flat=True)) == {"vip", "beta"}
    change = bob.changes.get()
    assert (change.deed, change.door, change.actor, change.operator) == (
        "created",
        "console",
        "editor",
        editor,
    )
    assert (change.old, change.new) == ({}, {"status": "active"} | values)


def test_it_writes_only_what_differs_and_remembers_old_and_new(acme: Workspace, alice: Profile) -> None:
    row = ProfileRow("alice", values={"email": "alice@example.com", "country": "DE", "phone": None})
    (outcome,) = write(acme, row)
    assert (outcome.status, set(outcome.changed)) == ("updated", {"country", "phone"})
    change = alice.changes.first()
    assert change is not None
    assert change.old == {"country": "GB", "phone": "+4915112345678"}
    assert change.new == {"country": "DE"}
    before = alice.updated_at
    alice.refresh_from_db()
    assert alice.updated_at > before
    assert (alice.country, alice.phone, alice.custom) == ("DE", "", {"plan": "pro"})


def test_the_same_again_changes_nothing_and_leaves_no_history(acme: Workspace, alice: Profile) -> None:
    row = ProfileRow("alice", values={"email": alice.email, "custom.plan": "pro", "tags": ["vip"]})
    assert statuses(write(acme, row)) == ["unchanged"]
    assert alice.changes.count() == 1
    same = Profile.objects.get(pk=alice.pk)
    assert same.updated_at == alice.updated_at


def test_true_is_not_one(acme: Workspace, alice: Profile) -> None:
    write(acme, ProfileRow("alice", values={"custom.flag": True}))
    assert statuses(write(acme, ProfileRow("alice", values={"custom.flag": 1}))) == ["updated"]


def test_the_same_person_twice_in_a_batch_is_written_in_order(acme: Workspace) -> None:
    outcomes = write(
        acme,
        ProfileRow("bob", values={"city": "Rome", "title": "Dr"}),
        ProfileRow("eve"),
        ProfileRow("bob", values={"city": "Oslo"}),
        ProfileRow("bob", values={"city": "Oslo"}),
    )
    assert statuses(outcomes) == ["created", "created", "updated", "unchanged"]
    bob = Profile.objects.get(distinct_id="bob")
    assert (bob.city, bob.title) == ("Oslo", "Dr")
    deeds = bob.changes.order_by("id").values_list("deed", "old", "new")
    assert list(deeds) == [
        ("created", {}, {"status": "active", "city": "Rome", "title": "Dr"}),
        ("updated", {"city": "Rome"}, {"city": "Oslo"}),
    ]


def test_live_and_test_are_different_people(acme: Workspace, alice: Profile) -> None:
    assert statuses(write(acme, ProfileRow("alice", environment="test"))) == ["created"]
    assert Profile.objects.filter(distinct_id="alice").count() == 2


def test_the_same_distinct_id_in_another_workspace_is_somebody_else(
    acme: Workspace, globex: Workspace, alice: Profile
) -> None:
    write(globex, ProfileRow("alice", values={"city": "Springfield"}))
    alice.refresh_from_db()
    assert alice.city == ""


def test_without_a_distinct_id_one_is_made(acme: Workspace) -> None:
    (outcome,) = write(acme, ProfileRow(values={"email": "x@example.com"}))
    assert Profile.objects.get(pk=outcome.id).distinct_id == outcome.distinct_id != ""


@pytest.mark.parametrize(
    "name", ['"; DROP TABLE x; --', "a/b c'd", "👩‍👩‍👧‍👦", "مرحبا", "x" * 1024, "%s %(a)s"]
)
def test_any_text_is_written_as_it_is(acme: Workspace, name: str) -> None:
    write(
        acme, ProfileRow(name, values={"city": name[:255], f"custom.{name[:120]}": name, "tags": [name[:64]]})
    )
    stored = Profile.objects.get()
    assert (stored.distinct_id, stored.city, stored.custom) == (name, name[:255], {name[:120]: name})
    assert stored.tags == [name[:64]]


def batch(size: int, city: str) -> list[ProfileRow]:
    return [
        ProfileRow(f"user-{n}", values={"city": city, "custom.n": n, "tags": ["a", f"t{n % 7}"]})
        for n in range(size)
    ]


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(acme: Workspace) -> None:
    created, updated, unchanged = set(), set(), set()
    for size in (100, 1_000, 10_000):
        Profile.objects.all().delete()
        ProfileChange.objects.all().delete()
        Tag.objects.all().delete()
        write(acme, ProfileRow("warm"))
        for counts, city in ((created, "Rome"), (updated, "Oslo"), (unchanged, "Oslo")):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                outcomes = write(acme, *batch(size, city))
            counts.add(len(queries))
            assert len(set(statuses(outcomes))) == 1
    assert [len(counts) for counts in (created, updated, unchanged)] == [1, 1, 1]
    assert max(created) <= 11
    assert max(updated) <= 8


def test_of_many_who_change_in_different_places_each_keeps_the_rest(acme: Workspace) -> None:
    everything = {"city": "Bonn", "birthday": "1990-01-02", "custom.plan": "pro", "channel.slack": "U1"}
    people = ("a", "b", "c", "d")
    rows = [ProfileRow(each, values={**everything, "tags": ["vip"]}) for each in people]
    write_profiles(acme, rows, mode="upsert", source=Door.IMPORT, actor=None)
    write(
        acme,
        ProfileRow("a", values={"city": "Köln"}),
        ProfileRow("b", values={"custom.plan": None}),
        ProfileRow("c", values={"tags": [], "channel.sms": "1"}),
        ProfileRow("d", identifiers=[NewIdentifier("d2")]),
    )
    a, b, c, d = Profile.objects.order_by("distinct_id")
    assert (a.city, a.custom, a.channels, a.tags) == ("Köln", {"plan": "pro"}, {"slack": "U1"}, ["vip"])
    assert (b.city, b.custom, b.channels, b.tags) == ("Bonn", {}, {"slack": "U1"}, ["vip"])
    assert (c.city, c.custom, c.tags) == ("Bonn", {"plan": "pro"}, [])
    assert c.channels == {"slack": "U1", "sms": "1"}
    assert (d.city, d.custom, d.tags, str(d.birthday)) == ("Bonn", {"plan": "pro"}, ["vip"], "1990-01-02")
    assert all(each.sources == ["import", "console"] for each in (a, b, c, d))


def test_yes_is_another_value_than_one(acme: Workspace) -> None:
    write(acme, ProfileRow("a", values={"custom.seats": 1, "city": "Bonn"}))
    assert statuses(write(acme, ProfileRow("a", values={"custom.seats": True, "city": "Bonn"}))) == [
        "updated"
    ]
    assert Profile.objects.get().custom == {"seats": True}
