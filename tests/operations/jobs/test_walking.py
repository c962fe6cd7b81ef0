"""A job touches exactly the profiles of its selection, however it is interrupted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError

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
    Selection,
    SelectionMember,
    Workspace,
)
from profiles.operations.bulk import facts_of
from profiles.operations.erase import erase_profiles, hash_of
from profiles.operations.jobs import run_job
from profiles.operations.jobs.queueing import make_job
from profiles.operations.jobs.running import Run
from profiles.operations.selections import copy_for_job, select, selected
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles

PAGE = 50


@pytest.fixture
def people(acme: Workspace) -> list[Profile]:
    """Three pages of the listing, and a few in another country."""
    rows = [
        ProfileRow(
            f"person-{number:03}",
            values={"country": "DE" if number < 3 * PAGE else "FR", "city": "Bonn"},
            identifiers=[NewIdentifier(f"old-{number}")],
        )
        for number in range(3 * PAGE + 5)
    ]
    write_profiles(acme, rows, mode="create", source=Door.IMPORT, actor=None)
    return list(Profile.objects.order_by("distinct_id"))


def job_of(selection: Selection, verb: str, agreed: int | None = None, **given: object) -> Job:
    facts = facts_of(selection, verb, given, actor=selection.operator, agreed=agreed, door=Door.CONSOLE)
    facts["parameters"]["batch"] = 20
    return make_job(selection.workspace, selection=copy_for_job(selection), **facts)


def everything(acme: Workspace, editor: Operator, *, but: list[Profile] | None = None) -> Selection:
    exceptions = [person.pk for person in but or []]
    return select(acme, operator=editor, query="country=DE", is_everything=True, exceptions=exceptions)


def in_city(name: str) -> set[str]:
    return set(Profile.objects.filter(city=name).values_list("distinct_id", flat=True))


def adds_up(job: Job) -> bool:
    return job.total == job.updated + job.unchanged + job.refused + job.erased


def test_it_touches_all_matching_but_the_exceptions_of_three_pages_and_nobody_else(
    acme: Workspace, editor: Operator, people: list[Profile], globex: Workspace
) -> None:
    write_profiles(
        globex, [ProfileRow("person-001", values={"country": "DE"})], mode="create", source="", actor=None
    )
    left_out = [people[3], people[PAGE + 3], people[2 * PAGE + 3]]
    selection = everything(acme, editor, but=left_out)
    late = ProfileRow("late", values={"country": "DE"})
    write_profiles(acme, [late], mode="create", source=Door.IMPORT, actor=None)
    Profile.objects.filter(distinct_id="late").update(created_at=selection.mark + timedelta(milliseconds=1))
    job = run_job(job_of(selection, "set", path="city", value="Berlin").pk)
    assert (job.state, job.total, job.updated) == (JobState.DONE, 3 * PAGE - 3, 3 * PAGE - 3)
    wanted = {person.distinct_id for person in people if person.country == "DE" and person not in left_out}
    assert in_city("Berlin") == wanted
    assert set(ProfileChange.objects.filter(job=job).values_list("profile__distinct_id", flat=True)) == wanted
    assert job.report["found"] == 3 * PAGE - 3
    assert not SelectionMember.objects.exists()


def test_who_stops_matching_while_it_runs_is_left_alone_and_counted(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    job = job_of(everything(acme, editor), "set", path="city", value="Berlin")
    ids = sorted(person.pk for person in people if person.country == "DE")
    moved, gone = Profile.objects.get(pk=ids[-1]), Profile.objects.get(pk=ids[-2])

    def meanwhile(counts: object) -> None:
        Profile.objects.filter(pk=moved.pk).update(country="FR")
        erase_profiles(acme, [gone.pk], source=Door.CONSOLE, actor=None)

    freeze_then(job, meanwhile)
    job = run_job(job.pk)
    assert (job.state, job.updated, job.refused) == (JobState.PARTIAL, 3 * PAGE - 2, 2)
    assert adds_up(job)
    told = {refusal.subject: (refusal.reasons, refusal.row) for refusal in job.refusals.all()}
    assert told == {
        moved.distinct_id: (["It does not match the selection any more."], {"profile": str(moved.pk)}),
        "": (["It was deleted meanwhile."], {"profile": str(gone.pk)}),
    }
    moved.refresh_from_db()
    assert moved.city == "Bonn"


def freeze_then(job: Job, meanwhile: Callable[[object], None]) -> None:
    """Run the job up to its first batch, do something else, and leave it to be resumed."""
    interrupted_after(job, batches=1)
    meanwhile(None)


def interrupted_after(job: Job, *, batches: int) -> Job:
    """The worker loses its database after so many batches, as when it is killed there."""
    left = [batches]

    def check(self: Run) -> None:
        if not left[0]:
            raise OperationalError("gone")
        left[0] -= 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "check", check)
        patch.setattr("django.db.connection.close", lambda: None)
        return run_job(job.pk)


@pytest.mark.parametrize("batches", range(1, 8))
def test_interrupted_after_any_batch_it_goes_on_and_nothing_is_done_twice(
    acme: Workspace, editor: Operator, people: list[Profile], batches: int
) -> None:
    job = job_of(everything(acme, editor), "replace", path="city", find="n", replacement="nn")
    interrupted = interrupted_after(job, batches=batches)
    assert (interrupted.state, interrupted.done) == (JobState.INTERRUPTED, (batches - 1) * 20)
    done = run_job(job.pk)
    assert (done.state, done.updated, done.total) == (JobState.DONE, 3 * PAGE, 3 * PAGE)
    assert len(in_city("Bonnnn")) == 3 * PAGE
    assert ProfileChange.objects.filter(job=job).count() == 3 * PAGE


@pytest.mark.parametrize("batches", range(1, 8))
def test_an_interrupted_erasure_goes_on_and_has_one_receipt(
    acme: Workspace, editor: Operator, people: list[Profile], batches: int
) -> None:
    ids = [person.pk for person in people if person.country == "DE"]
    job = job_of(everything(acme, editor), "delete", reason="they asked", agreed=3 * PAGE)
    interrupted_after(job, batches=batches)
    half = DeletionReceipt.objects.filter(job=job).first()
    assert (half.count if half else 0) == (batches - 1) * 20
    done = run_job(job.pk)
    assert (done.state, done.erased, done.total) == (JobState.DONE, 3 * PAGE, 3 * PAGE)
    receipt = DeletionReceipt.objects.get()
    assert (receipt.job, receipt.count, receipt.reason) == (done, 3 * PAGE, "they asked")
    assert (receipt.filter, receipt.ids_hash) == ("country=DE", hash_of(ids))
    assert set(Profile.objects.values_list("country", flat=True)) == {"FR"}
    assert Identifier.objects.count() == ProfileChange.objects.count() == 5


def test_an_erasure_of_more_than_agreed_does_not_begin(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    job = run_job(job_of(everything(acme, editor), "delete", agreed=3 * PAGE - 1).pk)
    assert job.state == JobState.FAILED
    assert job.problem.startswith("You agreed to 149 profiles, but now there are 150. Nothing was done.")
    assert Profile.objects.count() == len(people)
    assert not SelectionMember.objects.exists()


def test_fewer_than_agreed_are_no_harm_and_are_reported(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    job = run_job(job_of(everything(acme, editor), "delete", agreed=1_000).pk)
    assert (job.state, job.erased) == (JobState.DONE, 3 * PAGE)
    assert job.report == {"agreed": 1_000, "found": 3 * PAGE}


def test_a_change_that_nobody_counted_is_done(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    assert run_job(job_of(everything(acme, editor), "disable").pk).updated == 3 * PAGE


def test_a_filter_that_no_longer_holds_ends_it_with_a_word(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    job = job_of(everything(acme, editor), "disable")
    Selection.objects.filter(pk=job.selection_id).update(query="r1f=custom.gone&r1o=is&r1v=x")
    done = run_job(job.pk)
    assert done.state == JobState.FAILED
    assert done.problem.startswith("The filter does not hold any more: ")
    assert not Profile.objects.filter(status="disabled").exists()


def test_without_its_selection_it_ends_with_a_word(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    job = job_of(everything(acme, editor), "disable")
    Selection.objects.all().delete()
    assert run_job(job.pk).problem == "The selection of this job is gone, so nobody knows whom it meant."


def test_two_jobs_of_one_selection_do_not_take_each_others_members(
    acme: Workspace, editor: Operator, people: list[Profile]
) -> None:
    selection = everything(acme, editor)
    first, second = job_of(selection, "disable"), job_of(selection, "tag", tags=["vip"])
    interrupted_after(first, batches=2)
    assert run_job(second.pk).updated == 3 * PAGE
    assert run_job(first.pk).updated == 3 * PAGE


def test_the_worker_of_an_erasure_tells_its_kind(acme: Workspace, editor: Operator) -> None:
    facts = facts_of(
        everything(acme, editor), "delete", {"deny": True}, actor=editor, agreed=3, door=Door.COMMAND
    )
    assert facts["kind"] == JobKind.ERASE
    assert facts["parameters"] == {
        "door": "command",
        "agreed": 3,
        "exactly": False,
        "words": "Delete",
        "reason": "",
        "deny": True,
    }


@pytest.mark.parametrize(
    "query",
    [
        "q=person-00",
        "q=old-7",
        "tags=vip&tags_match=none&environment=live",
        "r1f=city&r1o=is&r1v=Bonn&r2f=country&r2o=is_not&r2v=FR&g1=any",
        "r1f=created_at&r1o=last_days&r1v=7",
        "created_from=2000-01-01&updated_to=2100-01-01",
    ],
)
def test_every_kind_of_filter_is_frozen_and_judged_again(
    acme: Workspace, editor: Operator, people: list[Profile], query: str
) -> None:
    selection = select(acme, operator=editor, query=query, is_everything=True)
    wanted = set(selected(selection).values_list("distinct_id", flat=True))
    assert wanted
    done = run_job(job_of(selection, "set", path="title", value="Dr.").pk)
    assert (done.state, done.updated) == (JobState.DONE, len(wanted))
    assert set(Profile.objects.filter(title="Dr.").values_list("distinct_id", flat=True)) == wanted
