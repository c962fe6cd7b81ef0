"""A job writes a whole file or none: stopped anywhere, it begins again with a snapshot of its own."""

import errno
import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from profiles.exports import Wanted, all_paths, export_columns
from profiles.models import (
    AuditEntry,
    Door,
    Job,
    JobKind,
    JobState,
    Operator,
    Profile,
    Selection,
    StoredFile,
    Workspace,
)
from profiles.operations.exports import start_export
from profiles.operations.files import delete_what_has_expired
from profiles.operations.jobs import cancel_job, exporting, mend_jobs, pause_job, resume_job, run_job, running
from profiles.operations.jobs.running import Run
from profiles.operations.properties import archive_property, create_property
from profiles.operations.rows import ProfileRow
from profiles.operations.selections import select
from profiles.operations.write import write_profiles
from tests.operations.jobs.workers import Workers, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 3_500


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = str(tmp_path)
    return tmp_path / "export"


@pytest.fixture
def everybody(acme: Workspace, editor: Operator) -> Selection:
    rows = [ProfileRow(f"user-{number}", values={"city": "Bonn"}) for number in range(MANY)]
    write_profiles(acme, rows, mode="upsert", source=Door.COMMAND, actor=None)
    return select(acme, operator=editor, query="", is_everything=True)


@pytest.fixture
def at_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is recorded at every thousand, however fast they come."""
    monkeypatch.setattr(exporting, "_SECONDS_BETWEEN_RECORDS", 0.0)


def queued(selection: Selection, format: str = "csv", *paths: str, **options: bool) -> Job:
    assert selection.operator
    return start_export(selection, Wanted(format, paths, **options), actor=selection.operator)  # type: ignore[arg-type]


def stopping_at(deed: Any, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `deed` happen to the job as soon as so many profiles were recorded, once."""
    record, is_done = Run.record, []

    def note(self: Run, counts: Any, **others: Any) -> None:
        record(self, counts, **others)
        if self.job.exported + counts["exported"] >= number and not is_done:
            is_done.append(True)
            deed(self.job)

    monkeypatch.setattr(Run, "record", note)


def lines_of(job: Job) -> list[str]:
    assert job.file
    return job.file.path.read_text().splitlines()


def test_a_small_one_is_written_on_return(everybody: Selection, files: Path) -> None:
    ids = list(Profile.objects.values_list("pk", flat=True)[:3])
    assert everybody.operator
    few = select(everybody.workspace, operator=everybody.operator, query="", ids=ids)
    job = queued(few, "csv", "city")
    assert (job.state, job.exported, job.total, job.subject) == (JobState.DONE, 3, 3, "3 profiles ticked")
    assert Job.objects.get(pk=job.pk).seen_at
    assert job.file
    assert lines_of(job)[0] == "distinct_id,environment,city"
    assert len(lines_of(job)) == 4
    assert job.file.size == job.file.path.stat().st_size
    assert job.file.name.startswith("acme-profiles-2")
    assert job.file.name.endswith(".csv")
    assert [path.name for path in files.iterdir()] == [job.file.pk.hex]
    assert AuditEntry.objects.get(verb="export").details == {"job": job.pk, "state": "done", "exported": 3}


def test_a_large_one_waits_for_a_worker_and_counts_as_it_goes(
    everybody: Selection, at_each_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queued(everybody, "csv", "city", is_compressed=True)
    assert (job.state, job.total) == (JobState.QUEUED, None)
    seen: list[tuple[int, int | None]] = []
    stopping_at(lambda job: seen.append((job.exported, Job.objects.get(pk=job.pk).total)), 2_000, monkeypatch)
    job = run_job(job.pk)
    assert (job.state, job.exported, job.total) == (JobState.DONE, MANY, MANY)
    assert seen == [(1_000, MANY)]
    assert job.file
    assert job.file.name.endswith(".csv.gz")


def test_a_killed_one_begins_again_and_counts_nobody_twice(
    everybody: Selection, files: Path, at_each_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queued(everybody, "xlsx", "city")
    with monkeypatch.context() as patched:
        stopping_at(lambda job: (_ for _ in ()).throw(KeyboardInterrupt), 2_000, patched)
        with pytest.raises(KeyboardInterrupt):
            run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING
    (files / f".{StoredFile.objects.get().pk.hex}-killed.part").mkdir()
    job = run_job(job.pk)
    assert (job.state, job.exported, job.total) == (JobState.DONE, MANY, MANY)
    assert job.file
    assert [path.name for path in files.iterdir()] == [job.file.pk.hex]
    sheet = load_workbook(io.BytesIO(job.file.path.read_bytes()), read_only=True).worksheets[0]
    assert len({row[0] for row in sheet.iter_rows(values_only=True)}) == MANY + 1


def test_a_worker_that_is_killed_for_real_leaves_a_job_that_another_one_ends(
    everybody: Selection, files: Path
) -> None:
    columns = export_columns(everybody.workspace)
    job = queued(everybody, "xlsx", *all_paths(columns))
    workers = Workers()
    try:
        worker = workers.start(concurrency=1)
        wait_until(lambda: list(files.glob(".*.part")))
        workers.end(worker)
        assert list(files.glob(".*.part"))
        mend_jobs()
        workers.start(concurrency=1)
        wait_until(lambda: Job.objects.get(pk=job.pk).has_ended)
    finally:
        workers.close()
    job.refresh_from_db()
    assert (job.state, job.exported, job.total) == (JobState.DONE, MANY, MANY)
    assert job.file
    assert [path.name for path in files.iterdir()] == [job.file.pk.hex]


@pytest.mark.parametrize(("deed", "state"), [(pause_job, JobState.PAUSED), (cancel_job, JobState.CANCELLED)])
def test_what_operators_ask_is_heard_and_leaves_no_half_file(
    everybody: Selection,
    files: Path,
    at_each_look: None,
    monkeypatch: pytest.MonkeyPatch,
    deed: Any,
    state: JobState,
) -> None:
    job = queued(everybody, "jsonl", "city")
    stopping_at(deed, 1_000, monkeypatch)
    assert run_job(job.pk).state == state
    assert list(files.iterdir()) == []
    if state == JobState.PAUSED:
        resume_job(job)
        job = run_job(job.pk)
        assert (job.state, job.exported, len(lines_of(job))) == (JobState.DONE, MANY, MANY)


def test_it_gives_no_turn_to_others_because_it_would_have_to_begin_again(
    everybody: Selection, at_each_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_SECONDS_A_TURN", 0.0)
    monkeypatch.setattr(running, "_SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(Run, "_others_wait", lambda run: run.job.exported > 0)
    job = queued(everybody)
    assert run_job(job.pk).state == JobState.DONE
    again = queued(everybody)
    assert run_job(again.pk, is_told_to_stop=lambda: True).state == JobState.QUEUED


def test_a_full_disk_is_said_and_its_room_given_back(
    everybody: Selection, files: Path, at_each_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queued(everybody)
    with monkeypatch.context() as patched:
        error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        stopping_at(lambda job: (_ for _ in ()).throw(error), 1_000, patched)
        job = run_job(job.pk)
    assert job.state == JobState.INTERRUPTED
    assert "no space left" in job.problem
    assert list(files.iterdir()) == []
    assert run_job(job.pk).state == JobState.DONE


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_database_that_goes_away_meanwhile_interrupts_it(
    everybody: Selection, at_each_look: None, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    def end_others(job: Job) -> None:
        """As a restart does, with all connections to this database but our own."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    stopping_at(end_others, 1_000, monkeypatch)
    job = run_job(queued(everybody, format).pk)
    assert (job.state, job.problem[:29]) == (JobState.INTERRUPTED, "The database was not to be ha")
    job = run_job(job.pk)
    assert (job.state, job.exported) == (JobState.DONE, MANY)


def test_a_property_that_is_gone_when_it_runs_is_left_out_and_named(everybody: Selection) -> None:
    workspace = everybody.workspace
    plan = create_property(workspace, actor=None, key="plan", label="Plan", type="text")
    job = queued(everybody, "csv", "custom.plan", "city")
    archive_property(plan, actor=None)
    job = run_job(job.pk)
    assert (job.state, job.report["gone"]) == (JobState.DONE, ["custom.plan"])
    assert lines_of(job)[0] == "distinct_id,environment,city"


def test_a_filter_that_is_broken_when_it_runs_says_so(everybody: Selection, editor: Operator) -> None:
    plan = create_property(everybody.workspace, actor=None, key="plan", label="Plan", type="text")
    query = "r1f=custom.plan&r1o=is_not&r1v=pro"
    job = queued(select(everybody.workspace, operator=editor, query=query, is_everything=True))
    job.refresh_from_db()
    archive_property(plan, actor=None)
    job = run_job(job.pk)
    assert job.state == JobState.FAILED
    assert "custom.plan" in job.problem


def test_a_job_that_outlived_its_selection_says_so(everybody: Selection) -> None:
    job = queued(everybody)
    Job.objects.filter(pk=job.pk).update(selection=None)
    job = run_job(job.pk)
    assert (job.state, job.problem) == (
        JobState.FAILED,
        "What was selected is not kept any more: select it again.",
    )


def test_a_workbook_that_cannot_hold_them_all_is_refused(
    everybody: Selection, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queued(everybody, "xlsx")
    monkeypatch.setattr("profiles.exports.export.MOST_ROWS", 100)
    job = run_job(job.pk)
    assert job.state == JobState.FAILED
    assert "holds 100 profiles" in job.problem
    assert list(files.iterdir()) == []


def test_files_and_what_killed_workers_left_go_in_time(everybody: Selection, files: Path) -> None:
    job = run_job(queued(everybody).pk)
    assert job.file
    assert job.file.expires_at > timezone.now() + exporting.KEPT_FOR - timedelta(minutes=1)
    left = files / ".0123-killed.part"
    left.mkdir()
    (left / "export").write_text("half")
    delete_what_has_expired()
    assert job.file.path.exists()
    assert left.exists()
    long_ago = time.time() - 100_000
    os.utime(left, (long_ago, long_ago))
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    delete_what_has_expired()
    assert list(files.iterdir()) == []
    assert Job.objects.get(pk=job.pk).file is None


def test_the_kind_is_an_export(everybody: Selection) -> None:
    job = queued(everybody, "parquet")
    assert (job.kind, job.verb, job.parameters["format"]) == (JobKind.EXPORT, "export", "parquet")
