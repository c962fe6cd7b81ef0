"""Undo of jobs: what comes back and what goes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import (
    DeletionReceipt,
    Door,
    Identifier,
    JobState,
    Operator,
    Profile,
    ProfileChange,
    Workspace,
)
from profiles.operations.erase import erase_profiles
from profiles.operations.jobs import run_job
from profiles.operations.jobs.undoing import start_undo
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.properties import archive_property, create_property
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

from .conftest import Did, counts, reread, undone


def test_it_puts_back_what_was_changed_and_clears_what_was_set(alice: Profile, did: Did) -> None:
    job = did(
        ProfileRow("alice", values={"country": "DE", "city": "Berlin", "phone": None, "custom.plan": 1})
    )
    undo = undone(job)
    assert (undo.state, undo.total, counts(undo)) == (JobState.DONE, 1, {"updated": 1})
    found = reread(alice)
    assert (found.country, found.city, found.phone, found.custom) == (
        "GB",
        "",
        "+4915112345678",
        {"plan": "pro"},
    )


def test_the_history_names_the_undo_and_who_asked_for_it(alice: Profile, editor: Operator, did: Did) -> None:
    undo = undone(did(ProfileRow("alice", values={"country": "DE"})))
    change = alice.changes.latest("id")
    assert (change.job_id, change.actor, change.door) == (undo.pk, "editor", "console")
    assert (change.old, change.new) == ({"country": "DE"}, {"country": "GB"})


def test_it_removes_whom_the_job_created_even_where_it_went_on_to_change_them(did: Did) -> None:
    old = NewIdentifier("bob-2019")
    rows = [
        ProfileRow("bob", identifiers=[old]),
        ProfileRow("bob", values={"city": "Rome"}),
        ProfileRow("eve"),
    ]
    undo = undone(did(*rows))
    assert (undo.state, undo.total, counts(undo)) == (JobState.DONE, 2, {"erased": 2})
    assert not Profile.objects.exists()
    assert not Identifier.objects.exists()
    assert not ProfileChange.objects.exists()
    receipt = DeletionReceipt.objects.get()
    assert (receipt.count, receipt.job_id, receipt.actor) == (2, undo.pk, "editor")


def test_tags_go_and_come_one_by_one(alice: Profile, editor: Operator, did: Did) -> None:
    job = did(ProfileRow("alice", values={"tags": ["beta", "trial"]}))
    change_tags(alice, add=["paying"], remove=["trial"], actor=editor)
    undo = undone(job)
    assert counts(undo) == {"updated": 1}
    assert set(reread(alice).tags) == {"paying", "vip"}


def test_a_row_that_came_twice_goes_back_to_before_the_first(alice: Profile, did: Did) -> None:
    job = did(*(ProfileRow("alice", values={"city": city}) for city in ("Rome", "Milan", "Turin")))
    undo = undone(job, batch=1)
    assert (undo.total, counts(undo)) == (1, {"updated": 1})
    assert reread(alice).city == ""


def test_what_others_left_between_two_changes_of_the_job_comes_back(
    alice: Profile, acme: Workspace, editor: Operator, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"city": "Rome"}))
    update_profile(alice, values={"city": "Milan"}, actor=editor)
    row = ProfileRow("alice", values={"city": "Turin"})
    write_profiles(acme, [row], mode="update", source=Door.IMPORT, actor=None, job=job)
    undone(job)
    assert reread(alice).city == "Milan"


def test_identifiers_that_the_job_gave_are_taken_away_again(alice: Profile, did: Did) -> None:
    given = NewIdentifier("alice-2019", source="crm", type="number")
    undone(did(ProfileRow("alice", identifiers=[given])))
    assert not Identifier.objects.exists()
    assert alice.changes.latest("id").old == {"identifiers": ["distinct_id alice-2019"]}


def test_other_identifiers_stay(alice: Profile, acme: Workspace, did: Did) -> None:
    kept = ProfileRow("alice", identifiers=[NewIdentifier("alice-2018")])
    write_profiles(acme, [kept], mode="update", source=Door.CONSOLE, actor=None)
    undone(did(ProfileRow("alice", identifiers=[NewIdentifier("alice-2019")])))
    assert Identifier.objects.get().value == "alice-2018"


def test_who_was_erased_since_does_not_appear(acme: Workspace, alice: Profile, did: Did) -> None:
    job = did(ProfileRow("alice", values={"city": "Rome"}), ProfileRow("bob"))
    erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None)
    undo = undone(job)
    assert (undo.total, counts(undo)) == (1, {"erased": 1})


def test_it_works_in_batches_from_the_newest_change_on(make_profile: Make, did: Did) -> None:
    for n in range(5):
        make_profile(f"p{n}", city="Rome")
    rows = [ProfileRow(f"p{n}", values={"city": "Milan"}) for n in range(5)]
    undo = undone(did(*rows, ProfileRow("p0", values={"city": "Turin"}), ProfileRow("new")), batch=2)
    assert (undo.total, counts(undo)) == (6, {"updated": 5, "erased": 1})
    assert set(Profile.objects.values_list("city", flat=True)) == {"Rome"}


def test_the_number_of_statements_does_not_depend_on_that_of_profiles(make_profile: Make, did: Did) -> None:
    def statements(number: int) -> int:
        rows = [
            ProfileRow(
                f"{number}-{n}",
                values={"city": "Milan", "tags": ["a"]},
                identifiers=[NewIdentifier(f"{number}-{n}-old")],
            )
            for n in range(number)
        ]
        for row in rows[: number // 2]:
            make_profile(row.distinct_id)
        undo = start_undo(did(*rows), actor=None)
        with CaptureQueriesContext(connection) as captured:
            assert run_job(undo.pk).state == JobState.DONE
        return len(captured)

    assert statements(4) == statements(40)


def test_a_property_that_was_archived_since_is_put_back_too(
    acme: Workspace, make_profile: Make, did: Did
) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer")
    bob = make_profile("bob", custom__seats=5)
    job = did(ProfileRow("bob", values={"custom.seats": 9}))
    archive_property(seats, actor=None)
    assert counts(undone(job)) == {"updated": 1}
    assert reread(bob).custom == {"seats": 5}


def test_a_test_profile_is_not_taken_for_the_live_one(make_profile: Make, alice: Profile, did: Did) -> None:
    twin = make_profile("alice", environment="test", city="Rome")
    undone(did(ProfileRow("alice", environment="test", values={"city": "Milan"})))
    assert (reread(twin).city, reread(alice).city) == ("Rome", "")
