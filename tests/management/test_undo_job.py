"""`undo_job`: what it says, and its exit codes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from profiles.models import Door, Job, JobKind, JobState, Profile, Workspace
from profiles.operations.jobs import queueing
from profiles.operations.profiles import update_profile
from profiles.operations.write import ProfileRow, write_profiles


def run(job: int, *options: str) -> tuple[int, str]:
    """Exit code, and what it said last or refused with."""
    out = StringIO()
    try:
        call_command("undo_job", str(job), *options, stdout=out, stderr=StringIO())
    except SystemExit as ending:
        return int(str(ending.code)), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.fixture
def job(acme: Workspace, alice: Profile) -> Job:
    made = queueing.make_job(acme, kind=JobKind.IMPORT, actor=None, subject="people.csv")
    rows = [ProfileRow("alice", values={"country": "DE"}), ProfileRow("bob")]
    write_profiles(acme, rows, mode="upsert", source=Door.IMPORT, actor=None, job=made)
    Job.objects.filter(pk=made.pk).update(state=JobState.DONE, created=1, updated=1, total=2)
    return Job.objects.get(pk=made.pk)


def test_it_undoes_and_says_what_became_of_whom(job: Job) -> None:
    code, said = run(job.pk, "--yes")
    undo = job.undone_by.get()
    assert code == 0
    assert said == (
        f"Done: 1 put back, 1 removed, 0 as before already, 0 left alone. Its page: /w/acme/jobs/{undo.pk}/\n"
    )
    assert Profile.objects.get().country == "GB"
    assert Profile.objects.get().changes.latest("id").door == Door.COMMAND


def test_a_dry_run_only_tells(job: Job) -> None:
    code, said = run(job.pk, "--dry-run")
    assert code == 0
    assert "1 put back" in said
    assert "1 removed for good" in said
    assert Profile.objects.count() == 2
    assert not job.undone_by.exists()


def test_what_is_left_alone_ends_with_1(job: Job, alice: Profile) -> None:
    update_profile(alice, values={"country": "FR"}, actor=None)  # type: ignore[arg-type]
    assert "Left alone: somebody changed the property since (1)" in run(job.pk, "--dry-run")[1]
    code, said = run(job.pk, "--yes")
    assert code == 1
    assert "1 left alone" in said


def test_what_cannot_be_undone_ends_with_2(job: Job) -> None:
    run(job.pk, "--yes")
    code, said = run(job.pk, "--yes")
    assert (code, "undone already" in said) == (2, True)
    assert run(999_999, "--yes") == (2, "There is no job 999999.")


def test_without_yes_it_asks_and_nobody_there_is_no(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    assert run(job.pk) == (2, "Nobody is there to be asked: --yes undoes it.")
    assert not job.undone_by.exists()
