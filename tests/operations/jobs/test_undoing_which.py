"""Which jobs can be undone, and undone again."""

import pytest

from profiles.errors import Refused
from profiles.models import Job, JobKind, JobState, Operator, Profile
from profiles.operations.jobs.undoing import start_undo, undo_refusal
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.write import NewIdentifier, ProfileRow
from tests.conftest import Make

from .conftest import Did, counts, reread, undone


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
