"""The one way in."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.models import (
    Door,
    Identifier,
    Operator,
    Profile,
    ProfileChange,
    PropertyDefinition,
    Tag,
    Workspace,
)
from profiles.operations.rows import Mode
from profiles.operations.write import NewIdentifier, Outcome, ProfileRow, write_profiles


def write(workspace: Workspace, *rows: ProfileRow, mode: Mode = "upsert", **options: Any) -> list[Outcome]:
    return write_profiles(workspace, rows, mode=mode, source=Door.CONSOLE, **({"actor": None} | options))


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


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


def test_create_refuses_who_exists_and_update_who_does_not(acme: Workspace, alice: Profile) -> None:
    (there,) = write(acme, ProfileRow("alice", values={"city": "Oxford"}), mode="create")
    assert there.status == "refused"
    assert there.reasons == ["A live profile with the distinct ID “alice” exists already."]
    assert there.id == alice.pk
    (missing,) = write(acme, ProfileRow("bob", values={"city": "Oxford"}), mode="update")
    assert missing.reasons == ["There is no live profile with the distinct ID “bob”."]
    assert Profile.objects.get().city == ""


def test_replace_clears_what_it_does_not_give_but_keeps_status_and_age(
    acme: Workspace, alice: Profile
) -> None:
    write(acme, ProfileRow("alice", values={"status": "disabled"}))
    write(acme, ProfileRow("alice", values={"city": "Oxford"}), mode="replace")
    after = Profile.objects.get(pk=alice.pk)
    assert (after.city, after.email, after.custom, after.tags) == ("Oxford", "", {}, [])
    assert (after.status, after.created_at) == ("disabled", alice.created_at)


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


def test_a_profile_without_any_starred_property_is_refused(acme: Workspace) -> None:
    (outcome,) = write(acme, ProfileRow(values={"city": "Rome"}))
    assert outcome.status == "refused"
    assert outcome.reasons == ["At least one of Distinct ID, E-mail, Phone is needed."]
    assert not Profile.objects.exists()


def test_a_required_property_must_be_given_and_may_not_be_cleared(acme: Workspace, alice: Profile) -> None:
    PropertyDefinition.objects.create(workspace=acme, key="plan", label="Plan", required=True)
    acme.schema_has_changed()
    (created,) = write(acme, ProfileRow("bob"))
    (cleared,) = write(acme, ProfileRow("alice", values={"custom.plan": None}))
    (other,) = write(acme, ProfileRow("alice", values={"city": "Rome"}))
    assert (created.reasons, cleared.reasons, other.status) == (
        ["Plan is required."],
        ["Plan is required."],
        "updated",
    )


def test_a_refused_row_does_not_hold_back_the_others(acme: Workspace, alice: Profile) -> None:
    outcomes = write(acme, ProfileRow("alice"), ProfileRow("bob"), mode="create")
    assert statuses(outcomes) == ["refused", "created"]


def test_what_somebody_else_changed_is_not_overwritten_unseen(acme: Workspace, alice: Profile) -> None:
    seen = {"city": None}
    write(acme, ProfileRow("alice", values={"city": "Rome"}, expected=seen))
    (late,) = write(acme, ProfileRow("alice", values={"city": "Oslo"}, expected=seen))
    assert (late.status, late.conflicts) == ("refused", {"city": "Rome"})
    assert Profile.objects.get().city == "Rome"


def test_what_somebody_else_made_as_one_wants_it_is_no_conflict(acme: Workspace, alice: Profile) -> None:
    seen = {"city": None, "title": None}
    write(acme, ProfileRow("alice", values={"city": "Rome"}))
    (same,) = write(acme, ProfileRow("alice", values={"city": "Rome", "title": "Dr"}, expected=seen))
    assert (same.status, same.changed, same.conflicts) == ("updated", ("title",), {})


def test_replace_keeps_what_archived_properties_hold(acme: Workspace, alice: Profile) -> None:
    PropertyDefinition.objects.create(workspace=acme, key="plan", label="Plan", archived_at=timezone.now())
    acme.schema_has_changed()
    write(acme, ProfileRow("alice", values={"city": "Rome"}), mode="replace")
    assert Profile.objects.get().custom == {"plan": "pro"}


def test_tags_are_added_and_removed_without_minding_case(acme: Workspace, alice: Profile) -> None:
    write(acme, ProfileRow("alice", add_tags=["VIP", "Beta"]))
    assert Profile.objects.get().tags == ["vip", "Beta"]
    write(acme, ProfileRow("alice", remove_tags=["Vip"]))
    assert Profile.objects.get().tags == ["Beta"]
    write(acme, ProfileRow("bob", add_tags=["beta"]))
    assert Profile.objects.get(distinct_id="bob").tags == ["Beta"]
    assert Tag.objects.count() == 2


def test_nobody_gets_more_than_100_tags(acme: Workspace, alice: Profile) -> None:
    (outcome,) = write(acme, ProfileRow("alice", add_tags=[f"t{n}" for n in range(100)]))
    assert outcome.reasons == ["A profile has at most 100 tags."]
    assert Profile.objects.get().tags == ["vip"]


def test_an_identifier_belongs_to_one_profile(acme: Workspace, alice: Profile) -> None:
    old = NewIdentifier("alice-2019")
    (given,) = write(acme, ProfileRow("alice", identifiers=[old]))
    (again,) = write(acme, ProfileRow("alice", identifiers=[old]))
    (taken,) = write(acme, ProfileRow("bob", identifiers=[old]))
    assert (given.status, again.status) == ("updated", "unchanged")
    assert taken.reasons == ["The distinct_id “alice-2019” belongs to another profile."]
    assert Identifier.objects.get().profile == alice
    assert alice.changes.latest("id").new == {"identifiers": ["distinct_id alice-2019"]}


def test_an_identifier_is_taken_away_from_who_has_it_only(acme: Workspace) -> None:
    old = NewIdentifier("alice-2019")
    write(acme, ProfileRow("alice", identifiers=[old]), ProfileRow("bob"))
    (others,) = write(acme, ProfileRow("bob", remove_identifiers=[old]))
    (taken,) = write(acme, ProfileRow("alice", remove_identifiers=[old]))
    assert (others.status, taken.status) == ("unchanged", "updated")
    assert not Identifier.objects.exists()
    change = Profile.objects.get(distinct_id="alice").changes.latest("id")
    assert (change.old, change.new) == ({"identifiers": ["distinct_id alice-2019"]}, {})


def test_an_identifier_that_is_given_and_taken_away_in_one_go_is_gone(acme: Workspace) -> None:
    old = NewIdentifier("alice-2019")
    write(acme, ProfileRow("alice", identifiers=[old]), ProfileRow("alice", remove_identifiers=[old]))
    assert not Identifier.objects.exists()


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


def test_a_row_may_fill_in_only_what_is_unset(acme: Workspace) -> None:
    write(acme, ProfileRow("ana", values={"city": "Rome", "tags": ["vip"], "status": "disabled"}))
    fill = {"city": "Oslo", "country": "NO", "tags": ["new"], "status": "active", "email": None}
    assert statuses(write(acme, ProfileRow("ana", values=fill, only_unset=True))) == ["updated"]
    ana = Profile.objects.get()
    assert (ana.city, ana.country, ana.tags, ana.status) == ("Rome", "NO", ["vip"], "disabled")
    assert statuses(write(acme, ProfileRow("ana", values=fill, only_unset=True))) == ["unchanged"]


def test_a_row_may_want_only_a_profile_that_exists(acme: Workspace) -> None:
    """Earlier rows of the batch count: they have created whom a later one changes."""
    rows = [
        ProfileRow("ana", values={"city": "Rome"}, only_existing=True),
        ProfileRow("ana", values={"city": "Oslo"}),
        ProfileRow("ana", values={"city": "Bern"}, only_existing=True),
    ]
    assert statuses(write(acme, *rows)) == ["refused", "created", "updated"]
    assert Profile.objects.get().city == "Bern"


def test_a_replacement_may_keep_to_its_part_of_the_content(acme: Workspace) -> None:
    write(acme, ProfileRow("bob", values={"name": "Bob", "city": "Rome", "custom.a": 1, "tags": ["vip"]}))
    part = ProfileRow("bob", values={"country": "IT", "custom.b": 2}, replaces=("name", "custom."))
    write(acme, part, mode="replace")
    bob = Profile.objects.get(distinct_id="bob")
    assert (bob.name, bob.city, bob.country, bob.custom, bob.tags) == ("", "Rome", "IT", {"b": 2}, ["vip"])


def test_names_keep_the_order_in_which_they_are_given(acme: Workspace) -> None:
    values = ["d", "a", "c", "b"]
    write(acme, ProfileRow("bob", identifiers=[NewIdentifier(value, kind="email") for value in values]))
    assert list(Identifier.objects.order_by("created_at").values_list("value", flat=True)) == values


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
