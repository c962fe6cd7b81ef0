"""`import_profiles`: stopped, left to the workers, and gone on with."""

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

from profiles.models import Job, JobState, Profile, Workspace
from profiles.operations.jobs import Run, pause_job, run_job, turn

from .conftest import run

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def test_the_rejects_may_not_be_the_file_of_one_that_goes_on(people: Path, tmp_path: Path) -> None:
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
