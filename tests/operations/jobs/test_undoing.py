"""Undo of jobs: what comes back, what goes, what is left alone and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.errors import Refused
from profiles.models import (
    DeletionReceipt,
    Door,
    Identifier,
    Job,
    JobKind,
    JobState,
    Operator,
    Profile,
    ProfileChange,
    Workspace,
)
from profiles.operations.erase import erase_profiles
from profiles.operations.jobs import queueing, run_job
from profiles.operations.jobs.undoing import start_undo, undo_refusal
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.properties import archive_property, create_property, edit_property
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles

Make = Callable[..., Profile]
Did = Callable[..., Job]


@pytest.fixture
def did(acme: Workspace, editor: Operator) -> Did:
    """A job that has written these rows, and ended: what its kind of work is, is not the matter here."""

    def did(*rows: ProfileRow, kind: JobKind = JobKind.IMPORT, state: JobState = JobState.DONE) -> Job:
        job = queueing.make_job(acme, kind=kind, actor=editor, subject="people.csv")
        outcomes = write_profiles(acme, rows, mode="upsert", source=Door.IMPORT, actor=editor, job=job)
        counts = dict.fromkeys(("created", "updated", "unchanged", "refused"), 0)
        for outcome in outcomes:
            counts[outcome.status] += 1
        Job.objects.filter(pk=job.pk).update(state=state, total=len(rows), **counts)
        return Job.objects.get(pk=job.pk)

    return did


def undone(job: Job, **parameters: Any) -> Job:
    """The undo job of `job`, at its end."""
    undo = start_undo(job, actor=job.operator)
    Job.objects.filter(pk=undo.pk).update(parameters=undo.parameters | parameters)
    return run_job(undo.pk)


def counts(job: Job) -> dict[str, int]:
    names = ("updated", "erased", "unchanged", "refused")
    return {name: number for name in names if (number := getattr(job, name))}


def reread(profile: Profile) -> Profile:
    return Profile.objects.get(pk=profile.pk)


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


def test_nothing_is_left_to_undo_the_second_time(alice: Profile, did: Did) -> None:
    job = did(ProfileRow("alice", values={"city": "Rome"}))
    first = undone(job)
    with pytest.raises(Refused, match=f"undone already, by job {first.pk}"):
        start_undo(job, actor=None)


def test_a_click_too_many_finds_it_under_way(alice: Profile, did: Did) -> None:
    job = did(ProfileRow("alice", values={"city": "Rome"}))
    first = start_undo(job, actor=None)
    with pytest.raises(Refused, match=f"being undone already, by job {first.pk}"):
        start_undo(job, actor=None)


def test_an_undo_that_was_cancelled_is_taken_up_by_the_next(
    make_profile: Make, editor: Operator, did: Did
) -> None:
    people = [make_profile(f"p{n}", city="Rome") for n in range(3)]
    job = did(*(ProfileRow(f"p{n}", values={"city": "Milan", "tags": ["a"]}) for n in range(3)))
    first = undone(job, batch=1)
    Job.objects.filter(pk=first.pk).update(state=JobState.CANCELLED)
    change_tags(people[0], add=["a"], actor=editor)
    second = undone(job)
    assert (second.total, counts(second)) == (3, {"unchanged": 3})
    assert reread(people[0]).tags == ["a"]


def test_an_undo_can_be_undone(alice: Profile, did: Did) -> None:
    job = did(ProfileRow("alice", values={"city": "Rome", "tags": ["a", "b"]}))
    first = undone(job)
    second = undone(first)
    assert counts(second) == {"updated": 1}
    assert (reread(alice).city, set(reread(alice).tags)) == ("Rome", {"a", "b"})
    assert undo_refusal(first).startswith(f"This job was undone already, by job {second.pk}")
    for again in (second, job):
        assert counts(undone(again)) == {"updated": 1}
        assert (reread(alice).city, reread(alice).tags) == ("", ["vip"])
        undone(Job.objects.latest("id"))
        assert reread(alice).city == "Rome"


def test_jobs_can_be_undone_one_after_the_other_the_last_one_first(
    make_profile: Make, editor: Operator, did: Did
) -> None:
    bob, eve = make_profile("bob", city="Paris"), make_profile("eve", city="Paris")
    jobs = [
        did(*(ProfileRow(name, values={"city": city}) for name in ("bob", "eve", "new")))
        for city in ("Rome", "Milan", "Turin")
    ]
    assert counts(undone(jobs[2])) == {"updated": 3}
    update_profile(eve, values={"city": "Oslo"}, actor=editor)
    assert counts(undone(jobs[1])) == {"updated": 2, "refused": 1}
    assert counts(undone(jobs[0])) == {"updated": 1, "erased": 1, "refused": 1}
    assert (reread(bob).city, reread(eve).city) == ("Paris", "Oslo")


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


def test_a_removal_cannot_be_undone(did: Did) -> None:
    undo = undone(did(ProfileRow("bob")))
    assert undo_refusal(undo).startswith("This job only removed profiles.")


def test_identifiers_that_an_undo_took_away_do_not_come_back(alice: Profile, did: Did) -> None:
    row = ProfileRow("alice", values={"city": "Rome"}, identifiers=[NewIdentifier("alice-2019")])
    again = undone(undone(did(row)))
    assert counts(again) == {"refused": 1}
    assert again.refusals.get().reasons == ["Identifiers that were taken away are not given again."]
    assert reread(alice).city == "Rome"


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (JobKind.ERASE, "A deletion cannot be undone"),
        (JobKind.EXPORT, "An export changes nothing"),
        (JobKind.PREVIEW, "A preview changes nothing"),
    ],
)
def test_some_kinds_have_no_undo(did: Did, kind: JobKind, sentence: str) -> None:
    assert undo_refusal(did(ProfileRow("bob"), kind=kind)).startswith(sentence)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.INTERRUPTED])
def test_a_job_that_goes_on_has_no_undo(did: Did, state: JobState) -> None:
    assert "has not ended" in undo_refusal(did(ProfileRow("bob"), state=state))


@pytest.mark.parametrize("state", [JobState.CANCELLED, JobState.PARTIAL, JobState.FAILED])
def test_whatever_its_end_what_it_did_is_undone(did: Did, state: JobState) -> None:
    assert counts(undone(did(ProfileRow("bob"), state=state))) == {"erased": 1}


def test_a_job_that_changed_nothing_has_no_undo(alice: Profile, did: Did) -> None:
    assert undo_refusal(did(ProfileRow("alice"))) == "This job changed nothing, so there is nothing to undo."


def test_a_test_profile_is_not_taken_for_the_live_one(make_profile: Make, alice: Profile, did: Did) -> None:
    twin = make_profile("alice", environment="test", city="Rome")
    undone(did(ProfileRow("alice", environment="test", values={"city": "Milan"})))
    assert (reread(twin).city, reread(alice).city) == ("Rome", "")
