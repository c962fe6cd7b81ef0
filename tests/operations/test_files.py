"""What is kept for a while only."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from profiles.models import Job, JobRefusal, StoredFile, Workspace
from profiles.operations.files import delete_what_has_expired

NOW = timezone.now()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = str(tmp_path)
    return tmp_path


def store(workspace: Workspace, *, days: int, name: str = "people.csv") -> StoredFile:
    """A file that expires in so many days."""
    file = StoredFile.objects.create(
        workspace=workspace, role="upload", name=name, expires_at=NOW + timedelta(days=days)
    )
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text("distinct_id\nbob\n")
    return file


def make_job(workspace: Workspace, state: str, *, days_ago: int = 0, **facts: object) -> Job:
    finished = NOW - timedelta(days=days_ago) if state in ("failed", "cancelled") else None
    return Job.objects.create(
        workspace=workspace, kind="import", state=state, queued_at=NOW, finished_at=finished, **facts
    )


def test_expired_files_are_deleted_from_the_disk_and_the_table(acme: Workspace) -> None:
    expired, fresh = store(acme, days=-1), store(acme, days=1)
    job = make_job(acme, "failed", file=expired)
    delete_what_has_expired()
    delete_what_has_expired()
    assert not expired.path.exists()
    assert fresh.path.exists()
    assert [file.pk for file in StoredFile.objects.all()] == [fresh.pk]
    assert Job.objects.get(pk=job.pk).file is None


def test_a_file_that_a_job_is_still_to_read_stays(acme: Workspace) -> None:
    file = store(acme, days=-1)
    job = make_job(acme, "paused", file=file)
    delete_what_has_expired()
    assert file.path.exists()
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    delete_what_has_expired()
    assert not file.path.exists()


def test_one_whose_file_is_gone_already_goes_too(acme: Workspace) -> None:
    file = store(acme, days=-1)
    file.path.unlink()
    delete_what_has_expired()
    assert not StoredFile.objects.exists()


def test_files_that_nothing_knows_of_go_after_a_day(acme: Workspace, folder: Path) -> None:
    file = store(acme, days=1)
    path = file.path
    file.delete()
    other = folder / "upload" / "notes.txt"
    other.write_text("mine")
    delete_what_has_expired()
    assert path.exists()
    for each in (path, other):
        os.utime(each, (0, 0))
    delete_what_has_expired()
    assert not path.exists()
    assert other.exists()


def test_refused_rows_go_30_days_after_the_end_and_the_counts_stay(acme: Workspace) -> None:
    report = {"errors": [{"reason": "No name.", "count": 2, "examples": [{"subject": "bob"}]}], "size": 9}
    old, recent, at_work = (
        make_job(acme, "failed", days_ago=31, refused=2, report=report),
        make_job(acme, "failed", days_ago=29, refused=1, report=report),
        make_job(acme, "paused", refused=1),
    )
    for job in (old, old, recent, at_work):
        JobRefusal.objects.create(job=job, subject="bob", reasons=["No name."], row={"name": ""})
    delete_what_has_expired()
    assert set(JobRefusal.objects.values_list("job", flat=True)) == {recent.pk, at_work.pk}
    kept = Job.objects.get(pk=old.pk)
    assert kept.refused == 2
    assert kept.report == {"errors": [{"reason": "No name.", "count": 2}], "size": 9}
    assert Job.objects.get(pk=recent.pk).report == report
