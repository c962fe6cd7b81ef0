"""`erase_profiles`: whom it erases, what it says, its exit codes."""

import os
import sys
from io import StringIO
from pathlib import Path

import pytest

from profiles.models import DeletionReceipt, ErasedId, Job, JobState, Profile, Selection, Workspace
from profiles.operations.jobs import run_job
from tests.conftest import Make

from .conftest import run_command


@pytest.fixture
def people(acme: Workspace, make_profile: Make) -> list[Profile]:
    make_profile("ann", environment="test", country="FR")
    return [make_profile(name, country="DE") for name in ("ann", "bob", "cid")]


def run(*options: str) -> tuple[int, str, str]:
    return run_command("erase_profiles", "--workspace", "acme", *options)


def left() -> set[tuple[str, str]]:
    return set(Profile.objects.values_list("distinct_id", "environment"))


def test_a_list_is_erased_and_unknown_ones_are_told(people: list[Profile], tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("distinct_id,email\nann,x\nnobody,y\nbob,z\n")
    code, out, err = run("--ids", str(path), "--yes", "--reason", "they asked", "--deny")
    assert (code, err) == (0, "Unknown (1): nobody\n")
    assert left() == {("ann", "test"), ("cid", "live")}
    receipt = DeletionReceipt.objects.get()
    assert out.splitlines() == [
        "A list of 3 distinct IDs: 2 profiles, with 2 changes of their history.",
        "2 profiles erased, 0 left alone.",
        f"Receipt: {receipt.pk}",
    ]
    assert (receipt.reason, receipt.door, receipt.actor, receipt.filter) == ("they asked", "command", "", "")
    assert ErasedId.objects.count() == 2


def test_a_filter_is_erased(people: list[Profile]) -> None:
    code, out, _ = run("--filter", "country=DE", "--yes")
    assert (code, left()) == (0, {("ann", "test")})
    assert out.startswith("Filter: Country: Germany: 3 profiles")
    assert DeletionReceipt.objects.get().filter == "country=DE"


def test_the_environment_narrows_list_and_filter(people: list[Profile], tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("ann\nbob\n")
    assert run("--ids", str(path), "--environment", "test", "--yes")[0] == 0
    assert left() == {("ann", "live"), ("bob", "live"), ("cid", "live")}
    assert "Nobody is found" in run("--filter", "?country=DE", "--environment", "test", "--yes")[1]


def test_the_input_is_a_list(people: list[Profile], monkeypatch: pytest.MonkeyPatch) -> None:
    end, start = os.pipe()
    os.write(start, b"bob\n")
    os.close(start)
    with os.fdopen(end) as pipe:
        monkeypatch.setattr(sys, "stdin", pipe)
        assert run("--ids", "-", "--yes")[0] == 0
    assert ("bob", "live") not in left()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--filter", "contry=DE", "--yes"), "There is no filter “contry”"),
        (("--filter", "created_from=soon", "--yes"), "Created from"),
        (("--filter", "", "--yes"), "An empty filter would find everybody"),
        (("--filter", "?&country=", "--yes"), "An empty filter would find everybody"),
        (("--filter", "country=DE"), "Nobody is there to be asked: --yes erases them."),
        (("--ids", "/nowhere/ids.txt", "--yes"), "cannot be read: No such file"),
        (("--filter", "country=DE", "--workspace", "nowhere", "--yes"), "There is no workspace nowhere"),
    ],
)
def test_what_cannot_be_meant_erases_nobody(
    people: list[Profile], monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())
    code, _, err = run(*options)
    assert code == 2
    assert reason in err
    assert len(left()) == 4
    assert not Job.objects.exists()


@pytest.mark.parametrize(("answer", "code", "number"), [("3", 0, 1), ("y", 2, 4), ("", 2, 4)])
def test_it_asks_for_the_number_on_a_terminal(
    people: list[Profile], monkeypatch: pytest.MonkeyPatch, answer: str, code: int, number: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert run("--filter", "country=DE")[0] == code
    assert len(left()) == number


def test_detached_it_is_left_to_the_workers(people: list[Profile]) -> None:
    code, out, _ = run("--filter", "country=DE", "--yes", "--detach")
    job = Job.objects.get()
    assert (code, out.splitlines()[-1], job.state) == (0, f"/w/acme/jobs/{job.pk}/", JobState.QUEUED)
    assert len(left()) == 4
    assert run_job(job.pk).erased == 3


def test_who_is_changed_meanwhile_is_left_alone_and_ends_with_1(
    people: list[Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    from profiles.operations.jobs import erasing

    def locked(selection: Selection, ids: list[str]) -> list[str]:
        Profile.objects.filter(distinct_id="bob").update(country="FR")
        return plain(selection, ids)

    plain = erasing.locked_for_good
    monkeypatch.setattr(erasing, "locked_for_good", locked)
    code, out, err = run("--filter", "country=DE", "--yes")
    assert (code, err) == (1, "bob: It does not match the selection any more.\n")
    assert "2 profiles erased, 1 left alone." in out
