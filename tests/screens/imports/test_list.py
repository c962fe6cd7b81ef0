"""The imports of a workspace, and giving one up."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from profiles.models import ImportDraft, JobKind, Operator, StoredFile, Workspace
from profiles.operations.jobs.queueing import make_job

from .conftest import MakeDraft, left_in

URL = "/w/acme/imports/"


def test_with_nothing_there_it_says_what_to_do(editor_client: Client, viewer_client: Client) -> None:
    assert "No imports yet" in editor_client.get(URL).content.decode()
    assert "/imports/new/" in editor_client.get(URL).content.decode()
    assert "/imports/new/" not in viewer_client.get(URL).content.decode()


def test_drafts_can_be_resumed_by_every_editor(
    editor_client: Client, admin_client: Client, viewer_client: Client, make_draft: MakeDraft
) -> None:
    theirs, mine = make_draft(admin_client, "theirs.csv"), make_draft(editor_client, "mine.csv")
    make_draft(admin_client, "newer.csv")
    page = editor_client.get(URL).content.decode()
    assert f"/w/acme/imports/{theirs.pk}/mapping/" in page
    assert page.index("mine.csv") < page.index("newer.csv") < page.index("theirs.csv")
    assert f"/w/acme/imports/{mine.pk}/discard/" in page
    assert "theirs.csv" not in viewer_client.get(URL).content.decode()


def test_imports_that_ran_lead_to_their_jobs(
    viewer_client: Client, acme: Workspace, editor: Operator
) -> None:
    job = make_job(acme, kind=JobKind.IMPORT, actor=editor, subject="people.csv")
    make_job(acme, kind=JobKind.ERASE, actor=editor, subject="somebody else's")
    page = viewer_client.get(URL).content.decode()
    assert f"/w/acme/jobs/{job.pk}/" in page
    assert "people.csv" in page
    assert "somebody else" not in page


def test_a_draft_whose_file_is_gone_says_so(editor_client: Client, make_draft: MakeDraft) -> None:
    make_draft(editor_client)
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "File deleted" in editor_client.get(URL).content.decode()


def test_it_is_in_the_navigation_of_its_workspace_only(
    editor_client: Client, outsider_client: Client, make_draft: MakeDraft
) -> None:
    make_draft(editor_client)
    assert 'href="/w/acme/imports/"' in editor_client.get("/w/acme/profiles/").content.decode()
    assert outsider_client.get(URL).status_code == 404
    assert "people.csv" not in outsider_client.get("/w/globex/imports/").content.decode()


def test_discarding_asks_first_and_deletes_the_file(
    editor_client: Client, files: Path, make_draft: MakeDraft, django_capture_on_commit_callbacks: Any
) -> None:
    draft = make_draft(editor_client)
    url = f"{URL}{draft.pk}/discard/"
    assert "Discard the import of <bdi>people.csv</bdi>?" in editor_client.get(url).content.decode()
    assert "<html" not in editor_client.get(url, headers={"HX-Request": "true"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert editor_client.post(url).headers["Location"] == URL
    assert not ImportDraft.objects.exists()
    assert not StoredFile.objects.exists()
    assert left_in(files) == []
    assert editor_client.post(url).status_code == 404


def test_discarding_is_for_editors(
    editor_client: Client, viewer_client: Client, outsider_client: Client, make_draft: MakeDraft
) -> None:
    url = f"{URL}{make_draft(editor_client).pk}/discard/"
    assert [each.post(url).status_code for each in (viewer_client, outsider_client)] == [403, 404]
    assert ImportDraft.objects.exists()


def test_what_was_run_is_not_discarded(
    editor_client: Client, acme: Workspace, editor: Operator, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    job = make_job(acme, kind=JobKind.IMPORT, actor=editor)
    ImportDraft.objects.filter(pk=draft.pk).update(job=job)
    answer = editor_client.post(f"{URL}{draft.pk}/discard/")
    assert answer.status_code == 409
    assert "This import was run" in answer.content.decode()
    assert ImportDraft.objects.exists()
