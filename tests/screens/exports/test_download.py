"""A finished file goes to editors of its workspace, until it expires."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from profiles.exports import Wanted
from profiles.models import Job, JobState, Operator, Profile, StoredFile, Workspace
from profiles.operations.exports import start_export
from profiles.operations.files import delete_what_has_expired
from profiles.operations.selections import select

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = str(tmp_path)


@pytest.fixture
def job(acme: Workspace, editor: Operator, alice: Profile) -> Job:
    selection = select(acme, operator=editor, query="", is_everything=True)
    return start_export(selection, Wanted("csv", ["email"]), actor=editor)


def url_of(job: Job, workspace: str = "acme") -> str:
    return f"/w/{workspace}/exports/{job.file_id}/"


def test_the_page_of_the_job_has_the_link_and_the_file_streams(editor_client: Client, job: Job) -> None:
    page = editor_client.get(f"/w/acme/jobs/{job.pk}/").content.decode()
    assert url_of(job) in page
    assert "Kept until" in page
    answer = editor_client.get(url_of(job), headers={"Accept-Encoding": "gzip"})
    assert (
        b"".join(answer.streaming_content) == b"distinct_id,environment,email\nalice,live,alice@example.com\n"
    )  # type: ignore[attr-defined]
    assert answer["Content-Type"].startswith("text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-profiles-')
    assert answer["Content-Length"] == str(job.file.size if job.file else 0)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.jsonl", "application/x-ndjson"),
        ("a.csv.gz", "application/gzip"),
        ("a.parquet", "application/vnd.apache.parquet"),
    ],
)
def test_each_format_has_its_type(editor_client: Client, job: Job, name: str, type: str) -> None:
    StoredFile.objects.update(name=name)
    assert editor_client.get(url_of(job))["Content-Type"] == type


def test_any_name_is_spelled_right(editor_client: Client, job: Job) -> None:
    StoredFile.objects.update(name='日本 "x".csv')
    disposition = editor_client.get(url_of(job))["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''%E6%97%A5%E6%9C%AC%20%22x%22.csv"


def test_a_colleague_who_may_export_may_have_it(admin_client: Client, job: Job) -> None:
    assert admin_client.get(url_of(job)).status_code == 200


def test_a_viewer_a_stranger_and_another_workspace_may_not(
    client: Client, viewer_client: Client, outsider_client: Client, job: Job
) -> None:
    assert viewer_client.get(url_of(job)).status_code == 403
    assert url_of(job) not in viewer_client.get(f"/w/acme/jobs/{job.pk}/").content.decode()
    assert outsider_client.get(url_of(job)).status_code == 404
    assert outsider_client.get(url_of(job, "globex")).status_code == 404
    assert client.get(url_of(job))["Location"].startswith("/sign-in/")


def test_it_only_reads(editor_client: Client, job: Job) -> None:
    assert editor_client.post(url_of(job)).status_code == 405


def test_an_expired_and_a_lost_file_say_what_to_do(editor_client: Client, job: Job) -> None:
    assert job.file
    job.file.path.unlink()
    answer = editor_client.get(url_of(job))
    assert answer.status_code == 404
    assert "can be downloaded for 7 days" in answer.content.decode()
    assert "Select the profiles again" in answer.content.decode()
    job.file.path.write_text("x")
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert editor_client.get(url_of(job)).status_code == 404


def test_the_page_of_the_job_says_that_the_time_of_the_file_is_over_before_and_after_it_is_deleted(
    editor_client: Client, job: Job
) -> None:
    assert job.file
    url, path = url_of(job), job.file.path
    page = editor_client.get(f"/w/acme/jobs/{job.pk}/").content.decode()
    assert "cannot be downloaded any more" not in page
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for sweep in (lambda: None, delete_what_has_expired):
        sweep()
        page = editor_client.get(f"/w/acme/jobs/{job.pk}/").content.decode()
        assert "The file was kept for 7 days and cannot be downloaded any more." in page
        assert "Its file has expired" in page
        assert url not in page
        assert "Kept until" not in page
        assert editor_client.get(url).status_code == 404
    assert not path.exists()
    assert not StoredFile.objects.exists()


def test_an_unfinished_file_is_nobodys_yet(editor_client: Client, job: Job) -> None:
    Job.objects.update(state=JobState.RUNNING)
    assert editor_client.get(url_of(job)).status_code == 404
