"""Step 3 and 4: what the import would do, and doing it."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from profiles.models import ImportDraft, Job, JobKind, JobState, Profile, StoredFile, Workspace
from profiles.operations.jobs import cancel_job, pause_job, run_job
from profiles.operations.properties import archive_property, create_property, edit_property

from .conftest import MakeDraft, form_of


def url_of(draft: ImportDraft, step: str = "preview") -> str:
    return f"/w/acme/imports/{draft.pk}/{step}/"


def ask_for_preview(client: Client, draft: ImportDraft, **changes: str) -> Any:
    sent = form_of(client.get(url_of(draft, "mapping"))) | {"do": "continue"} | changes
    answer = client.post(url_of(draft, "mapping"), sent)
    draft.refresh_from_db()
    return answer


def preview(client: Client, draft: ImportDraft, **changes: str) -> str:
    """Ask for the preview, let it come to its end, and look at it."""
    assert ask_for_preview(client, draft, **changes).headers["Location"] == url_of(draft)
    assert draft.preview is not None
    run_job(draft.preview.pk)
    return str(client.get(url_of(draft)).content.decode())


def run(client: Client, draft: ImportDraft, **sent: Any) -> Any:
    return client.post(url_of(draft, "run"), {"preview": draft.preview_id or "", **sent})


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("no_worker")
def test_while_it_goes_on_the_page_looks_again(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    ask_for_preview(editor_client, draft)
    page = editor_client.get(url_of(draft)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Run the import" not in page
    assert "No worker is running" in page
    part = editor_client.get(url_of(draft), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_paused_preview_waits_for_a_click(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    ask_for_preview(editor_client, draft)
    assert "Preview goes on" in editor_client.get("/w/acme/imports/").content.decode()
    assert draft.preview is not None
    pause_job(draft.preview)
    page = editor_client.get(url_of(draft)).content.decode()
    assert "Resume or cancel it" in page
    assert 'hx-trigger="every 1s"' not in page
    assert "Preview paused" in editor_client.get("/w/acme/imports/").content.decode()


def test_a_file_that_breaks_off_is_to_be_sent_again(editor_client: Client, make_draft: MakeDraft) -> None:
    text = "distinct_id,city\n" + "".join(f"user-{n},{n * 7919 % 10007}\n" for n in range(5_000))
    packed = gzip.compress(text.encode())
    page = preview(editor_client, make_draft(editor_client, "people.csv.gz", packed[: len(packed) // 2]))
    assert "it was cut off. Only a file that can be read to its end is imported here." in page
    assert "Run the import" not in page


def test_it_says_what_the_import_would_do(
    editor_client: Client, alice: Profile, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    page = preview(editor_client, draft)
    assert draft.preview is not None
    job = Job.objects.get(pk=draft.preview.pk)
    assert (job.created, job.updated, job.refused) == (1, 1, 1)
    assert "1 created · 1 updated · 0 unchanged · 1 refused" in page
    assert "alice@example.com" in page
    assert "alice@new.example" in page
    assert "must be an e-mail address" in page
    assert "Plan" in page
    assert 'hx-trigger="every' not in page
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_running_it_does_that(
    editor_client: Client, acme: Workspace, alice: Profile, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    answer = run(editor_client, draft)
    job = Job.objects.get(kind=JobKind.IMPORT)
    assert answer.headers["Location"] == f"/w/acme/jobs/{job.pk}/"
    done = run_job(job.pk)
    assert (done.state, done.created, done.updated, done.refused) == (JobState.PARTIAL, 1, 1, 1)
    alice.refresh_from_db()
    assert alice.email == "alice@new.example"
    assert editor_client.get(url_of(draft)).headers["Location"] == f"/w/acme/jobs/{job.pk}/"
    assert editor_client.get(url_of(draft, "mapping")).headers["Location"] == f"/w/acme/jobs/{job.pk}/"


def test_pressing_run_twice_makes_one_job(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    answers = [run(editor_client, draft).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert Job.objects.filter(kind=JobKind.IMPORT).count() == 1


def test_asking_for_the_preview_twice_makes_one_job(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    for _ in range(2):
        ask_for_preview(editor_client, draft)
    assert Job.objects.filter(kind=JobKind.PREVIEW).count() == 1


def test_a_change_of_the_mapping_voids_the_preview(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    old = draft.preview_id
    sent = form_of(editor_client.get(url_of(draft, "mapping"))) | {"c5-to": ""}
    editor_client.post(url_of(draft, "mapping"), sent)
    assert editor_client.get(url_of(draft)).headers["Location"] == url_of(draft, "mapping")
    answer = run(editor_client, draft, preview=old)
    assert "changed after this preview" in editor_client.get(answer.headers["Location"]).content.decode()
    assert not Job.objects.filter(kind=JobKind.IMPORT).exists()


def test_going_back_keeps_everything(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft, blank="clear", **{"c5-to": ""})
    assert url_of(draft, "mapping") in editor_client.get(url_of(draft)).content.decode()
    page = editor_client.get(url_of(draft, "mapping"))
    assert page.context["policies"].initial["blank"] == "clear"
    assert page.context["rows"][5].is_passed_over
    draft.refresh_from_db()
    assert draft.preview is not None


def test_a_change_cancels_a_preview_that_goes_on(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    ask_for_preview(editor_client, draft)
    sent = form_of(editor_client.get(url_of(draft, "mapping"))) | {"c5-to": ""}
    editor_client.post(url_of(draft, "mapping"), sent)
    assert Job.objects.get(kind=JobKind.PREVIEW).state == JobState.CANCELLED


def test_a_preview_that_has_not_ended_cannot_be_run(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    ask_for_preview(editor_client, draft)
    answer = run(editor_client, draft)
    assert answer.status_code == 409
    assert "has not come to its end" in answer.content.decode()


def test_a_preview_that_was_cancelled_can_be_had_again(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    ask_for_preview(editor_client, draft)
    assert draft.preview is not None
    cancel_job(draft.preview)
    assert "Preview again" in editor_client.get(url_of(draft)).content.decode()
    old = draft.preview_id
    assert editor_client.post(url_of(draft, "again")).headers["Location"] == url_of(draft)
    draft.refresh_from_db()
    assert draft.preview_id != old


def test_a_property_archived_after_the_preview_is_named_and_nothing_runs(
    editor_client: Client, acme: Workspace, make_draft: MakeDraft
) -> None:
    plan = create_property(acme, actor=None, key="plan", type="text")
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    archive_property(plan, actor=None)
    answer = run(editor_client, draft)
    assert answer.status_code == 409
    assert "Plan is archived and takes no values" in answer.content.decode()
    assert not Job.objects.filter(kind=JobKind.IMPORT).exists()


def test_rules_that_changed_after_the_preview_ask_for_another(
    editor_client: Client, acme: Workspace, make_draft: MakeDraft
) -> None:
    age = create_property(acme, actor=None, key="age", type="integer")
    other = create_property(acme, actor=None, key="other", type="text")
    draft = make_draft(editor_client, "ages.csv", "distinct_id,custom.age\nana,17\nbob,18\n")
    preview(editor_client, draft)
    edit_property(age, actor=None, label="Years")
    edit_property(other, actor=None, max_length=5)
    assert "Run the import" in editor_client.get(url_of(draft)).content.decode()
    edit_property(age, actor=None, minimum=18)
    answer = run(editor_client, draft)
    assert answer.status_code == 409
    assert "other rules now than the preview went by" in answer.content.decode()
    page = editor_client.get(url_of(draft)).content.decode()
    assert "Run the import" not in page
    assert "Preview again" in page
    assert "1 created · 0 updated · 0 unchanged · 1 refused" in preview(editor_client, draft)
    assert run(editor_client, draft).status_code == 302


def test_a_property_that_another_import_created_meanwhile_asks_for_no_other_preview(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    drafts = [make_draft(editor_client, f"{n}.csv", "distinct_id,age\nana,17\n") for n in range(2)]
    for draft in drafts:
        preview(editor_client, draft)
    run(editor_client, drafts[0])
    assert run_job(Job.objects.get(kind=JobKind.IMPORT).pk).report["new_properties"]
    assert run(editor_client, drafts[1]).status_code == 302


def test_a_file_whose_time_is_over_is_said(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    answer = run(editor_client, draft)
    assert answer.status_code == 409
    assert "was kept for 7 days and is deleted" in answer.content.decode()


def test_running_keeps_the_file_a_week_longer(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    StoredFile.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    run(editor_client, draft)
    assert StoredFile.objects.get().expires_at > timezone.now() + timedelta(days=6)


def test_a_file_with_a_header_alone_has_nothing_to_run(editor_client: Client, make_draft: MakeDraft) -> None:
    page = preview(editor_client, make_draft(editor_client, "empty.csv", "distinct_id,email\n"))
    assert "The file has no rows" in page
    assert "Run the import" not in page


def test_rows_without_a_distinct_id_and_repeated_ones_are_counted(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    content = "distinct_id,email\n,a@example.com\nbob,b@example.com\nbob,c@example.com\n"
    page = preview(editor_client, make_draft(editor_client, "some.csv", content))
    assert "1 row without a distinct ID" in page
    assert "1 row about somebody whom an earlier row is about too" in page


def test_an_export_of_another_product_is_mapped_and_previewed_as_one(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    record = {"identity": "u1", "email": "ada@example.com", "profileData": {"Name": "Ada", "Score": 12}}
    content = json.dumps({"status": "success", "records": [record]})
    draft = make_draft(editor_client, "export.json", content, origin="clevertap")
    page = preview(editor_client, draft)
    assert "1 created · 0 updated · 0 unchanged · 0 refused" in page
    assert "CleverTap export" in page


def test_keys_that_come_late_are_named(editor_client: Client, make_draft: MakeDraft) -> None:
    rows = ['{"distinct_id": "p"}'] * 1_001
    content = "\n".join([*rows, '{"distinct_id": "late", "nickname": "Lou"}'])
    page = preview(editor_client, make_draft(editor_client, "late.jsonl", content))
    assert "Not in the first rows, so passed over: nickname." in page


def test_the_header_tells_of_the_end_of_a_preview_but_on_its_own_page(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    ask_for_preview(editor_client, draft)
    run_job(draft.preview_id or 0)
    news = f"/w/acme/jobs/news/?watched={draft.preview_id}"
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url_of(draft)}"}
    assert "Open the preview" not in editor_client.get(news, headers=here).content.decode()
    there = here | {"HX-Current-URL": "http://testserver/w/acme/profiles/"}
    notice = editor_client.get(news, headers=there).content.decode()
    assert f'<a href="{url_of(draft)}">Open the preview</a>' in notice


def test_only_editors_run(
    editor_client: Client, viewer_client: Client, outsider_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    preview(editor_client, draft)
    assert [run(each, draft).status_code for each in (viewer_client, outsider_client)] == [403, 404]
    assert editor_client.get(url_of(draft, "run")).status_code == 405
    assert not Job.objects.filter(kind=JobKind.IMPORT).exists()
