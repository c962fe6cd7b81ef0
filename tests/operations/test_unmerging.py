"""A merge is taken back: two profiles again, as they were, and what stands in the way."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.errors import Refused
from profiles.models import AuditEntry, Merge, Operator, Profile, PropertyType, Workspace, new_distinct_id
from profiles.operations.merging import obstacles
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.properties import create_property
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from profiles.queries.names import find_profile
from tests.conftest import Make

from .conftest import everything, merge, take_back

pytestmark = pytest.mark.django_db


def test_a_merge_can_be_taken_back(alice: Profile, bob: Profile) -> None:
    before = everything(alice, bob)
    brought = take_back(merge(bob, alice))
    assert brought == bob
    assert everything(alice, bob) == before
    assert (brought.sources, brought.label) == (bob.sources, bob.label)
    assert not Merge.objects.exists()
    assert [change.deed for change in alice.changes.all()[:2]] == ["unmerged", "merged"]
    assert (bob.changes.all()[0].deed, bob.changes.all()[0].new) == ("unmerged", {})
    assert AuditEntry.objects.filter(verb="unmerge").exists()


def test_once_only(alice: Profile, bob: Profile) -> None:
    merged = merge(bob, alice)
    take_back(Merge.objects.get(pk=merged.pk))
    with pytest.raises(Refused, match="already"):
        take_back(merged)
    merge(bob, alice)
    assert Profile.objects.count() == 1


def test_what_was_done_since_to_other_values_stays(editor: Operator, alice: Profile, bob: Profile) -> None:
    merged = merge(bob, alice)
    update_profile(alice, values={"title": "Dr", "first_name": "Alicia"}, actor=editor)
    change_tags(alice, add=["later"], remove=["vip"], actor=editor)
    assert obstacles(merged, Profile.objects.get(pk=alice.pk)) == []
    take_back(merged)
    alice.refresh_from_db()
    assert (alice.title, alice.first_name, alice.city, alice.tags) == ("Dr", "Alicia", "", ["later"])


def test_a_value_that_was_changed_since_stands_in_the_way(
    editor: Operator, alice: Profile, bob: Profile
) -> None:
    merged = merge(bob, alice)
    update_profile(alice, values={"city": "Rome"}, actor=editor)
    alice.refresh_from_db()
    assert obstacles(merged, alice) == [
        "City was changed since: it is “Rome” now, and the merge made it “Oxford”."
    ]
    with pytest.raises(Refused, match="City was changed since"):
        take_back(merged)


def test_tags_that_were_given_since_may_leave_no_room(
    editor: Operator, make_profile: Make, alice: Profile
) -> None:
    eve = make_profile("eve", tags=[f"e{n}" for n in range(60)])
    merged = merge(alice, eve, chosen={"tags": []})
    change_tags(eve, add=[f"n{n}" for n in range(41)], remove=[], actor=editor)
    eve.refresh_from_db()
    assert obstacles(merged, eve) == [
        "With the tags that the merge took away there would be 101, and 100 is the most."
    ]
    with pytest.raises(Refused, match="100 is the most"):
        take_back(merged)
    change_tags(eve, add=[], remove=["n0"], actor=editor)
    take_back(merged)
    eve.refresh_from_db()
    assert eve.tags == [*(f"n{n}" for n in range(1, 41)), *(f"e{n}" for n in range(60))]


def test_a_name_that_was_taken_away_since_stands_in_the_way(alice: Profile, bob: Profile) -> None:
    merged = merge(bob, alice)
    row = ProfileRow("alice", remove_identifiers=[NewIdentifier("bob")])
    write_profiles(alice.workspace, [row], mode="update", source="api", actor=None)
    alice.refresh_from_db()
    assert obstacles(merged, alice) == ["The distinct_id “bob” is not the profile’s any more."]
    write_profiles(alice.workspace, [ProfileRow("bob")], mode="create", source="api", actor=None)
    assert obstacles(merged, alice)[-1] == "There is a profile with the distinct ID “bob” again."


def test_rules_that_came_since_do_not_stand_in_the_way(
    editor: Operator, alice: Profile, bob: Profile
) -> None:
    merged = merge(bob, alice)
    definition = create_property(
        alice.workspace, key="vat", label="VAT", type=PropertyType.TEXT, actor=editor
    )
    type(definition).objects.filter(pk=definition.pk).update(required=True)
    alice.workspace.schema_has_changed()
    assert take_back(merged) == bob


def test_chains_lead_to_their_end_and_are_taken_back_from_there(
    acme: Workspace, alice: Profile, bob: Profile, make_profile: Make
) -> None:
    carol = make_profile("carol", phone="+4915112345679", country="DE")
    three = everything(alice, bob, carol)
    first = merge(carol, bob)
    two = everything(alice, bob)
    second = merge(bob, alice)
    for name in ("carol", "bob", "robert"):
        assert find_profile(acme, "live", name) == alice
    moved = Merge.objects.get(pk=first.pk)
    assert moved.profile_id == alice.pk
    with pytest.raises(Refused, match="“bob”, which had taken it in, was merged into “alice”"):
        take_back(moved)
    take_back(second)
    assert everything(alice, bob) == two
    take_back(Merge.objects.get(pk=first.pk))
    assert everything(alice, bob, carol) == three


def test_one_after_the_other_into_the_same_profile(alice: Profile, bob: Profile, make_profile: Make) -> None:
    carol = make_profile("carol", title="Dr", city="Cork")
    before = everything(alice, bob, carol)
    first, second = merge(bob, alice), merge(carol, alice)
    take_back(first)
    take_back(second)
    assert everything(alice, bob, carol) == before


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from(["Rome", "Oxford"]),
        "status": st.sampled_from(["active", "disabled"]),
        "tags": st.lists(st.sampled_from(["a", "A", "b", "ç"]), max_size=3, unique_by=str.lower),
        "last_seen_at": st.sampled_from(["2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00.5+00:00"]),
        "channel.push": st.lists(st.sampled_from([{"token": "x"}, {"token": "y"}]), min_size=1, max_size=2),
        "custom.n": st.sampled_from([0, 1, 0.1, True, False, 2**60, "", "0", [1], [], {"lat": 1}]),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(VALUES, min_size=3, max_size=4), order=st.randoms(use_true_random=False))
def test_whatever_was_merged_comes_back_as_it_was(
    acme: Workspace, people: list[dict[str, Any]], order: Random
) -> None:
    rows = [
        ProfileRow(new_distinct_id(), values=values, identifiers=[NewIdentifier(new_distinct_id(), kind="k")])
        for values in people
    ]
    outcomes = write_profiles(acme, rows, mode="create", source="api", actor=None)
    profiles = list(Profile.objects.filter(pk__in=[outcome.id for outcome in outcomes]))
    before, left, merges = everything(*profiles), [*profiles], []
    while len(left) > 1:
        absorbed, survivor = order.sample(left, 2)
        left.remove(absorbed)
        merges.append((everything(absorbed, survivor), merge(absorbed, survivor), absorbed, survivor))
    for whole, merged, absorbed, survivor in reversed(merges):
        take_back(Merge.objects.get(pk=merged.pk))
        assert everything(absorbed, survivor) == whole
    assert everything(*profiles) == before
