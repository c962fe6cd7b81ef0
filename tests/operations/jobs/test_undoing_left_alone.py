"""Undo of jobs: what is left alone, and the reason that is given."""

import pytest

from profiles.models import Door, Identifier, JobState, Operator, Profile, Workspace
from profiles.operations.profiles import update_profile
from profiles.operations.properties import create_property, edit_property
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

from .conftest import Did, counts, reread, undone


def test_what_somebody_changed_since_is_left_alone_and_the_rest_is_put_back(
    alice: Profile, editor: Operator, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"country": "DE", "city": "Berlin"}))
    update_profile(alice, values={"country": "FR"}, actor=editor)
    undo = undone(job)
    assert (undo.state, counts(undo)) == (JobState.PARTIAL, {"refused": 1})
    assert (reread(alice).country, reread(alice).city) == ("FR", "")
    left = undo.refusals.get()
    assert left.subject == "alice"
    assert left.row == {
        "profile": str(alice.pk),
        "environment": "live",
        "left": {"country": {"before": "GB", "after": "DE", "now": "FR"}},
    }
    (reason,) = left.reasons
    assert reason.startswith(
        "Country was changed since by editor; now “FR”, set by the job to “DE”, before it “GB” ("
    )
    assert reason.endswith(" UTC, Profiles screen).")


def test_a_value_that_came_back_to_what_the_job_left_was_still_changed(
    alice: Profile, editor: Operator, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    for country in ("FR", "DE"):
        update_profile(alice, values={"country": country}, actor=editor)
    assert counts(undone(job)) == {"refused": 1}
    assert reread(alice).country == "DE"


def test_who_has_put_it_back_by_hand_is_not_in_the_way(alice: Profile, editor: Operator, did: Did) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    update_profile(alice, values={"country": "GB"}, actor=editor)
    assert counts(undone(job)) == {"unchanged": 1}


def test_a_created_profile_that_somebody_changed_is_kept(editor: Operator, did: Did) -> None:
    job = did(ProfileRow("bob", values={"city": "Rome"}), ProfileRow("bob", values={"city": "Milan"}))
    bob = Profile.objects.get()
    update_profile(bob, values={"country": "IT"}, actor=editor)
    undo = undone(job)
    assert counts(undo) == {"refused": 1}
    reason = undo.refusals.get().reasons[0]
    assert reason.startswith("The profile was created by the job and changed since by editor; ")
    assert reread(bob).city == "Milan"


def test_a_created_profile_with_a_new_identifier_is_kept(acme: Workspace, did: Did) -> None:
    job = did(ProfileRow("bob"))
    row = ProfileRow("bob", identifiers=[NewIdentifier("bob@example.com", kind="email")])
    write_profiles(acme, [row], mode="update", source=Door.CONSOLE, actor=None)
    assert counts(undone(job)) == {"refused": 1}
    assert Identifier.objects.exists()


def test_a_value_that_breaks_todays_rules_is_left_alone(
    acme: Workspace, make_profile: Make, did: Did
) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer")
    bob = make_profile("bob", custom__seats=500)
    job = did(ProfileRow("bob", values={"custom.seats": 9, "city": "Rome"}))
    edit_property(seats, actor=None, maximum=100)
    undo = undone(job)
    assert counts(undo) == {"refused": 1}
    assert undo.refusals.get().reasons == ["Seats may be at most 100; 500 is not."]
    assert (reread(bob).custom, reread(bob).city) == ({"seats": 9}, "")


def test_a_property_that_is_required_by_now_is_not_cleared(
    acme: Workspace, make_profile: Make, did: Did
) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer")
    make_profile("bob")
    job = did(ProfileRow("bob", values={"custom.seats": 9}))
    edit_property(seats, actor=None, required=True)
    undo = undone(job)
    assert undo.refusals.get().reasons == ["Seats is required by now, and was not set before the job."]


def test_the_last_starred_property_is_not_cleared(acme: Workspace, make_profile: Make, did: Did) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer")
    make_profile("bob")
    job = did(ProfileRow("bob", values={"custom.seats": 9}))
    edit_property(seats, actor=None, starred=True)
    edit_property(acme.property_definitions.get(key="distinct_id"), actor=None, starred=False)
    undo = undone(job)
    left = undo.refusals.get()
    assert left.reasons == ["At least one of E-mail, Phone, Seats is needed."]
    assert left.row["left"] == {"custom.seats": {"after": 9, "now": 9}}


def test_a_job_below_one_that_still_holds_is_left_alone(make_profile: Make, did: Did) -> None:
    bob = make_profile("bob", city="Paris")
    first = did(ProfileRow("bob", values={"city": "Rome"}), ProfileRow("new"))
    did(ProfileRow("bob", values={"city": "Milan"}), ProfileRow("new", values={"city": "Milan"}))
    assert counts(undone(first)) == {"refused": 2}
    assert reread(bob).city == "Milan"


def test_somebody_changed_very_often_is_left_alone(
    alice: Profile, did: Did, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("profiles.queries.undo.MOST_CHANGES", 3)
    job = did(*(ProfileRow("alice", values={"city": f"City {n}"}) for n in range(4)))
    undo = undone(job)
    assert counts(undo) == {"refused": 1}
    assert "times since the job began" in undo.refusals.get().reasons[0]


def test_who_was_changed_very_often_by_others_is_left_alone_once(
    alice: Profile, editor: Operator, did: Did, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of the job's changes is among those that are looked at, and each comes in a batch of its own."""
    monkeypatch.setattr("profiles.queries.undo.MOST_CHANGES", 3)
    job = did(*(ProfileRow("alice", values={"city": f"City {n}"}) for n in range(2)))
    for n in range(4):
        update_profile(alice, values={"title": f"Title {n}"}, actor=editor)
    undo = undone(job, batch=1)
    assert (undo.total, counts(undo)) == (1, {"refused": 1})
