"""`import_profiles`: what it says, its exit codes, the file of rejects, being stopped."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.models import Job, JobState, MappingPreset, Profile, Workspace
from profiles.operations.jobs import Run, importing, pause_job, run_job, turn

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


def run(path: Path | str, *options: str) -> tuple[int, str, str]:
    """Exit code, output, errors."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_profiles", str(path), "--workspace", "acme", *options, stdout=out, stderr=err)
        code = 0
    except SystemExit as ending:
        code = int(str(ending.code))
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def people(tmp_path: Path, acme: Workspace) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("distinct_id,email,custom.n\nana,a@example.com,1\nbob,nothing,2\ncem,,3\n")
    return path


def test_a_clean_file_is_summed_up_and_ends_with_0(people: Path) -> None:
    people.write_text("distinct_id,custom.n\nana,1\n")
    code, out, err = run(people)
    assert (code, err) == (0, "")
    assert out == (
        "1 row: 1 created, 0 updated, 0 unchanged, 0 refused.\nNew properties: custom.n (whole number).\n"
    )


def test_refused_rows_are_shown_and_end_with_1(people: Path) -> None:
    code, out, err = run(people)
    assert code == 1
    assert out.startswith("3 rows: 2 created, 0 updated, 0 unchanged, 1 refused.")
    assert err.startswith("Line 3: E-mail")


def test_only_the_first_refused_rows_are_shown(people: Path) -> None:
    people.write_text("distinct_id,email\n" + "ana,nothing\n" * 25)
    code, _, err = run(people)
    assert code == 1
    assert err.count("Line ") == 10
    assert "15 more were refused: --rejects FILE keeps them all." in err


def test_the_rejects_can_be_corrected_and_imported(people: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    code, out, err = run(people, "--rejects", str(rejects))
    assert (code, err) == (1, "")
    assert f"The refused rows are in {rejects}." in out
    text = rejects.read_text()
    assert text.startswith("line,error,distinct_id,email,custom.n\n3,")
    rejects.write_text(text.replace(",nothing,", ",b@example.com,"))
    assert run(rejects)[0] == 0
    bob = Profile.objects.get(distinct_id="bob")
    assert (bob.email, bob.custom) == ("b@example.com", {"n": 2})


def test_the_rejects_may_not_be_the_file_itself(people: Path) -> None:
    before = people.read_text()
    code, _, err = run(people, "--rejects", str(people))
    assert (code, err) == (2, "--rejects may not be the file that is read.")
    assert people.read_text() == before


def test_rejects_that_cannot_be_written_stop_before_the_first_row(people: Path, tmp_path: Path) -> None:
    code, _, err = run(people, "--rejects", str(tmp_path / "no" / "rejects.csv"))
    assert code == 2
    assert "cannot be written" in err
    assert not Job.objects.exists()  # A worker would begin it.


def test_nor_may_they_be_the_file_of_an_import_that_goes_on(people: Path, tmp_path: Path) -> None:
    before = people.read_text()
    run(people, "--detach")
    job = Job.objects.get()
    code, _, err = run("", "--resume", str(job.pk), "--rejects", str(people))
    assert (code, err) == (2, "--rejects may not be the file that is read.")
    assert people.read_text() == before


def test_one_that_goes_on_may_be_left_to_the_workers(people: Path) -> None:
    run(people, "--detach")
    job = Job.objects.get()
    pause_job(job)
    tasks = ProcrastinateJob.objects.filter(args__job=job.pk)
    before = tasks.count()
    code, out, _ = run("", "--resume", str(job.pk), "--detach")
    assert (code, out) == (0, f"/w/acme/jobs/{job.pk}/\n")
    assert tasks.count() == before + 1


def test_a_dry_run_says_the_same_and_writes_nothing(people: Path) -> None:
    code, out, _ = run(people, "--dry-run")
    assert code == 1
    assert out.startswith("3 rows: 2 created, 0 updated, 0 unchanged, 1 refused.")
    assert "nothing was written" in out
    assert not Profile.objects.exists()


def test_a_dry_run_leaves_the_rejects_to_look_at(people: Path, tmp_path: Path) -> None:
    run(people, "--dry-run", "--rejects", str(tmp_path / "rejects.csv"))
    assert "bob,nothing,2" in (tmp_path / "rejects.csv").read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"distinct_id,email\nana,M\xfcller\n", "0xFC"),
        (b"ana,a@example.com\n", "Does the file have a header?"),
        (b"\x1f\x8bxx", "cannot be unpacked"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2(people: Path, content: bytes, message: str) -> None:
    people.write_bytes(content)
    code, out, err = run(people)
    assert (code, out) == (2, "")
    assert message in err
    assert not Profile.objects.exists()


def test_a_missing_file_and_a_missing_workspace_end_with_2(people: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "missing.csv")[0] == 2
    assert run(people, "--workspace", "nowhere")[0] == 2


def test_options_say_what_the_file_does_not(people: Path) -> None:
    people.write_bytes("distinct_id;city\nana;Köln\n".encode("cp1252"))
    code, _, _ = run(people, "--delimiter", ";", "--encoding", "cp1252", "--environment", "test")
    assert code == 0
    ana = Profile.objects.get()
    assert (ana.city, ana.environment) == ("Köln", "test")


def test_a_file_without_distinct_ids_is_warned_about(people: Path) -> None:
    people.write_text("email\na@example.com\n")
    code, out, _ = run(people)
    assert code == 0
    assert "1 row had no distinct ID: new people each time the file is imported." in out


def test_it_says_which_columns_are_ignored(people: Path) -> None:
    people.write_text("id,distinct_id,created_at\n7,ana,2020-01-01\n")
    code, _, err = run(people)
    assert (code, err) == (0, "Ignored columns: created_at, id.\n")


def test_it_says_in_the_end_which_keys_were_ignored_late(
    people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SAMPLE", 1)
    rows = ['{"distinct_id": "ana", "id": 1}', '{"distinct_id": "bob", "id": 2, "sources": []}']
    people.write_text("\n".join(rows))
    code, _, err = run(people, "--format", "jsonl")
    assert (code, err) == (0, "Ignored columns: id, sources.\n")


def test_an_id_without_a_distinct_id_ends_with_2(people: Path) -> None:
    people.write_text("id,email\n7,a@example.com\n")
    code, _, err = run(people)
    assert code == 2
    assert "goes into “distinct_id”" in err
    assert not Profile.objects.exists()


def test_a_lone_surrogate_comes_back_in_the_rejects(people: Path, tmp_path: Path) -> None:
    people.write_text('{"distinct_id":"ana","name":"\\ud800"}\n{"distinct_id":"bob"}\n')
    rejects = tmp_path / "rejects.jsonl"
    code, out, _ = run(people, "--format", "jsonl", "--rejects", str(rejects))
    assert code == 1
    assert out.startswith("2 rows: 1 created, 0 updated, 0 unchanged, 1 refused.")
    assert json.loads(rejects.read_text())["name"] == "\ud800"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
def test_rejects_that_can_be_written_no_further_stop_the_import(people: Path) -> None:
    people.write_text('{"distinct_id":"ana"}\n{"distinct_id":"bob","email":"nothing"}\n')
    code, out, err = run(people, "--rejects", "/dev/full", "--format", "jsonl")
    assert code == 1
    assert err.startswith("The refused rows cannot be written: No space left on device. They are kept:")
    assert "1 created, 0 updated, 0 unchanged, 1 refused." in out


def test_a_file_that_breaks_off_ends_with_1_and_says_where(people: Path) -> None:
    whole = gzip.compress("".join(["distinct_id\n", *(f"u{n * 7919}\n" for n in range(5_000))]).encode())
    people.write_bytes(whole[:-4_000])
    code, out, err = run(people)
    assert code == 1
    assert "it was cut off" in err
    assert f"{Profile.objects.count():,} created" in out


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_loses_nothing_that_was_reported(acme: Workspace, stop: signal.Signals) -> None:
    """A process of its own, fed by a pipe that stays open: it is stopped in the middle."""
    to = connection.get_connection_params()
    account = f"{to['user']}:{to.get('password') or ''}"
    url = f"postgresql://{account}@/{to['dbname']}?host={to.get('host') or ''}&port={to.get('port') or 5432}"
    command = [sys.executable, "manage.py", "import_profiles", "-", "--workspace", "acme", "--batch", "100"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What runs in the background of a script ignores Ctrl-C, and so would this process of ours.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin
    for n in range(30_000):
        process.stdin.write(f"user-{n},{'x' * 60}\n" if n else "distinct_id,city\n")
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not Profile.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(stop)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Interrupted after line" in err
    assert "Running it again is safe" in err
    stored = Profile.objects.count()
    assert f"{stored:,} created, 0 updated, 0 unchanged, 0 refused." in out
    assert 0 < stored < 29_999


def test_a_dry_run_tells_what_would_change_and_what_would_be_refused(people: Path) -> None:
    people.write_text("distinct_id,city,tags\nana,Rome,\n")
    run(people)
    people.write_text("distinct_id,city,tags,country\nana,Oslo,VIP,NO\nana,Bonn,,DE\nbob,,,Atlantis\n")
    code, out, _ = run(people, "--dry-run")
    assert code == 1
    assert "1 row came again for a profile of an earlier row, and applied on top of it." in out
    assert "City would change in 2 rows: ana: “Rome” to “Oslo”; ana: “Oslo” to “Bonn”." in out
    assert "Refused, in 1 row: Country must be" in out
    assert "(line 4)" in out
    assert "New tags: VIP." in out


def test_a_mapping_comes_from_a_file_or_a_preset_and_flags_go_first(
    people: Path, acme: Workspace, tmp_path: Path
) -> None:
    people.write_text("Kunde;Ort\nana;Bonn\nbob;\n")
    columns = [{"column": "Kunde", "to": "distinct_id"}, {"column": "Ort", "to": "city"}]
    mapping = {"columns": columns, "environment": "test", "blank": "clear"}
    (tmp_path / "map.json").write_text(json.dumps(mapping))
    MappingPreset.objects.create(workspace=acme, name="Kunden", mapping=mapping, delimiter=";")
    assert run(people, "--map", str(tmp_path / "map.json"), "--delimiter", ";")[0] == 0
    assert set(Profile.objects.values_list("environment", "city")) == {("test", "Bonn"), ("test", "")}
    code, out, _ = run(people, "--map", "kunden", "--environment", "live")
    assert (code, out.splitlines()[0]) == (0, "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused.")
    code, _, err = run(people, "--map", "nobody")
    assert (code, err) == (2, "There is neither a preset nor a file “nobody”.")
    (tmp_path / "map.json").write_text('{"colour": "red"}')
    code, _, err = run(people, "--map", str(tmp_path / "map.json"))
    assert code == 2
    assert "colour" in err


def test_an_import_left_to_the_workers_is_queued_and_its_address_printed(people: Path) -> None:
    code, out, _ = run(people, "--detach")
    job = Job.objects.get()
    assert (code, out) == (0, f"/w/acme/jobs/{job.pk}/\n")
    assert job.state == JobState.QUEUED
    assert run_job(job.pk).created == 2
    code, _, err = run("-", "--detach")
    assert (code, err) == (2, "Only a file can be left to the workers, not the input.")


def test_a_stopped_import_goes_on(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people.write_text("distinct_id\n" + "".join(f"user-{n}\n" for n in range(100)))

    check = Run.check

    def stop(run: Run) -> None:
        if run.job.done and run.job.run == 1:
            raise KeyboardInterrupt
        check(run)

    monkeypatch.setattr(Run, "check", stop)
    code, _, err = run(people, "--batch", "10")
    job = Job.objects.get()
    assert (code, job.state) == (130, JobState.PAUSED)
    assert err.endswith(f"What is counted here is stored. To go on: import_profiles --resume {job.pk}\n")
    assert 0 < job.done == Profile.objects.count() < 100
    out, err = StringIO(), StringIO()
    call_command("import_profiles", "--resume", str(job.pk), stdout=out, stderr=err)
    assert Profile.objects.count() == 100
    assert out.getvalue() == "100 rows: 100 created, 0 updated, 0 unchanged, 0 refused.\n"
    with pytest.raises(CommandError, match="ended"):
        call_command("import_profiles", "--resume", str(job.pk))
    with pytest.raises(CommandError, match="no import 999999"):
        call_command("import_profiles", "--resume", "999999")


def test_one_whose_process_was_killed_goes_on_but_not_twice_at_once(people: Path) -> None:
    run(people, "--detach")
    job = Job.objects.get()
    Job.objects.update(state=JobState.RUNNING)
    with turn._held(job.pk):
        code, _, err = run("", "--resume", str(job.pk))
    assert (code, err) == (1, f"Another process is at it: /w/acme/jobs/{job.pk}/ shows how far it is.\n")
    assert not Profile.objects.exists()
    assert run("", "--resume", str(job.pk))[0] == 1
    assert Profile.objects.count() == 2


def test_one_that_waits_for_its_file_is_found_interrupted(people: Path) -> None:
    """Where a worker of another machine takes it up."""
    run(people, "--detach")
    job = Job.objects.get()
    people.unlink()
    job = run_job(job.pk)
    assert job.state == JobState.INTERRUPTED
    assert "is not on this machine" in job.problem
