"""What the pages of jobs show of their kind."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from profiles.exports import Wanted
from profiles.models import ImportDraft, Job, JobKind, Operator, Workspace


def page_of(client: Client, job: Job) -> str:
    answer = client.get(f"/w/acme/jobs/{job.pk}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize(
    "facts",
    [
        {"state": "queued"},
        {"state": "running", "run": 1, "beat_at": timezone.now()},
        {"state": "done", "total": 1, "updated": 1, "finished_at": timezone.now()},
    ],
    ids=["queued", "running", "done"],
)
def test_every_kind_has_its_page(
    admin_client: Client, editor: Operator, make_job: Any, kind: JobKind, facts: dict[str, Any]
) -> None:
    parameters = Wanted("csv", ("distinct_id",)).as_json() if kind == JobKind.EXPORT else {}
    job = make_job(editor, kind=kind, verb="", parameters=parameters, **facts)
    assert "What happened" in page_of(admin_client, job)
    assert page_of(admin_client, job).count("<h1") == 1


def test_an_import_says_how_its_file_is_read_and_what_reading_found(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    mapping = {"mode": "update", "match": "crm_id", "blank": "clear", "existing": "keep", "bad": "value"}
    report = {
        "size": 2048,
        "notes": ["<Sheet 2> is passed over."],
        "ignored": ["Colour"],
        "new_properties": [{"path": "custom.plan", "label": "Plan", "type": "text"}],
        "nameless": 2,
        "repeated": 1,
        "dropped": [{"reason": "E-mail must be an e-mail address", "count": 3}],
    }
    page = page_of(
        viewer_client, make_job(editor, kind="import", parameters={"mapping": mapping}, report=report)
    )
    for words in (
        "Known people only",
        "crm_id",
        "Clear values",
        "Are kept",
        "Is dropped",
        "2.0 KB",
        "&lt;Sheet 2&gt; is passed over.",
        "Colour",
        "It defined <code><bdi>custom.plan</bdi></code>.",
        "2 rows without a distinct ID",
        "1 row about somebody",
        "3 values dropped",
    ):
        assert words in page


def test_a_preview_leads_back_to_the_import_that_is_being_prepared(
    editor_client: Client, acme: Workspace, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, kind="preview", state="done", total=0)
    draft = ImportDraft.objects.create(workspace=acme, operator=editor, name="people.csv", preview=job)
    assert f'href="/w/acme/imports/{draft.pk}/preview/"' in page_of(editor_client, job)


def test_an_import_and_its_preview_lead_to_each_other(
    editor_client: Client, acme: Workspace, editor: Operator, make_job: Any
) -> None:
    preview = make_job(editor, kind="preview", state="done", total=0)
    job = make_job(editor, kind="import", state="done", total=0)
    ImportDraft.objects.create(workspace=acme, operator=editor, name="people.csv", preview=preview, job=job)
    assert f'href="/w/acme/jobs/{preview.pk}/"' in page_of(editor_client, job)
    page = page_of(editor_client, preview)
    assert f'href="/w/acme/jobs/{job.pk}/"' in page
    assert "What it would do" not in page


def test_a_deletion_says_why_and_that_it_is_for_good(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    page = page_of(
        viewer_client, make_job(editor, kind="erase", parameters={"reason": "<asked>", "deny": True})
    )
    for words in ("&lt;asked&gt;", "Their distinct IDs are refused", "A deletion cannot be undone."):
        assert words in page
