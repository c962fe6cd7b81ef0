"""The one way in: identifiers and tags."""

from profiles.models import Identifier, Profile, Tag, Workspace
from profiles.operations.write import NewIdentifier, ProfileRow

from .writing import write


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


def test_names_keep_the_order_in_which_they_are_given(acme: Workspace) -> None:
    values = ["d", "a", "c", "b"]
    write(acme, ProfileRow("bob", identifiers=[NewIdentifier(value, kind="email") for value in values]))
    assert list(Identifier.objects.order_by("created_at").values_list("value", flat=True)) == values
