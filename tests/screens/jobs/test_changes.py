"""Pausing, resuming and cancelling."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import Job, Operator


def post(client: Client, job: Job, deed: str, **headers: str) -> Any:
    return client.post(f"/w/acme/jobs/{job.pk}/{deed}/", headers=headers)


def state_of(job: Job) -> tuple[str, str]:
    found = Job.objects.get(pk=job.pk)
    return found.state, found.wish


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("pause", "queued", ("paused", "")),
        ("pause", "running", ("running", "pause")),
        ("resume", "paused", ("queued", "")),
        ("resume", "interrupted", ("queued", "")),
        ("cancel", "running", ("running", "cancel")),
        ("cancel", "queued", ("cancelled", "")),
        ("cancel", "paused", ("cancelled", "")),
    ],
)
def test_an_editor_does_it_to_a_job_of_their_own(
    editor_client: Client, editor: Operator, make_job: Any, deed: str, before: str, after: tuple[str, str]
) -> None:
    job = make_job(editor, state=before)
    answer = post(editor_client, job, deed)
    assert answer.status_code == 302
    assert answer["Location"] == f"/w/acme/jobs/{job.pk}/"
    assert state_of(job) == after


@pytest.mark.parametrize("deed", ["pause", "resume", "cancel"])
def test_only_admins_do_it_to_the_jobs_of_others(
    viewer_client: Client,
    editor_client: Client,
    admin_client: Client,
    admin: Operator,
    make_job: Any,
    deed: str,
) -> None:
    job = make_job(admin, state="paused" if deed == "resume" else "queued")
    for client in (viewer_client, editor_client):
        assert post(client, job, deed).status_code == 403
    assert state_of(job) in {("paused", ""), ("queued", "")}
    Job.objects.update(operator=None)
    assert post(admin_client, job, deed).status_code == 302
    assert (
        state_of(job)
        == {"pause": ("paused", ""), "resume": ("queued", ""), "cancel": ("cancelled", "")}[deed]
    )


def test_what_it_cannot_do_is_said_in_words(editor_client: Client, editor: Operator, make_job: Any) -> None:
    job = make_job(editor, state="failed")
    answer = editor_client.post(f"/w/acme/jobs/{job.pk}/pause/", follow=True)
    assert "This job has ended" in answer.content.decode()


def test_before_cancelling_it_says_what_that_means(
    editor_client: Client, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, total=100, updated=40)
    page = " ".join(editor_client.get(f"/w/acme/jobs/{job.pk}/cancel/").content.decode().split())
    assert "What it has done stays done: 40 of 100 profiles" in page
    part = editor_client.get(
        f"/w/acme/jobs/{job.pk}/cancel/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert state_of(job) == ("running", "")


@pytest.mark.parametrize("deed", ["pause", "resume"])
def test_they_are_posted(editor_client: Client, editor: Operator, make_job: Any, deed: str) -> None:
    assert editor_client.get(f"/w/acme/jobs/{make_job(editor).pk}/{deed}/").status_code == 405


@pytest.mark.parametrize("deed", ["pause", "resume", "cancel"])
def test_a_job_that_is_not_there_is_not_found(editor_client: Client, deed: str) -> None:
    assert editor_client.post(f"/w/acme/jobs/1/{deed}/").status_code == 404
