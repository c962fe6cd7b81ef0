"""Whatever is put into a field of a form, and whatever a page is asked for, there is a readable answer.

Each field takes its turn with one of the hostile values, another than its neighbour: HOSTILE_VALUES=all tries
all of them on each (some minutes).
"""

import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from profiles.models import Job, JobKind, JobState, Operator, Profile, Selection, Workspace
from profiles.operations.bulk import start
from profiles.operations.selections import select
from tests.browser_forms import PostedForm, forms_of

pytestmark = pytest.mark.django_db

HOSTILE = (
    "",
    "\0",
    "\ud800",
    "x" * 70_000,
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "٣",
    "2026-02-30",
    "0001-01-01T00:00",
    "99999-12-31",
    "../../etc/passwd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }} %s %(x)s {0}",
    "[" * 3_000,
    "‮אב😀\u200d",
    "(a+)+$",
    "00000000-0000-0000-0000-000000000000",
)
VALUES: Iterator[str] = itertools.cycle(HOSTILE)
QUERIES = (
    *("page", "after", "before", "sort", "size", "q", "state"),
    *("whose", "outcome", "kind", "format", "columns"),
)
PAGES = (
    "profiles/",
    "profiles/filters/",
    "profiles/columns/",
    "profiles/new/",
    "profiles/ids/",
    "properties/",
    "properties/create/",
    "imports/",
    "imports/new/",
    "jobs/",
    "jobs/news/",
    "receipts/",
)


@pytest.fixture(autouse=True)
def files(tmp_path: Any, settings: Any) -> None:
    settings.FILES_DIR = str(tmp_path)


@pytest.fixture
def job(acme: Workspace, admin: Operator, alice: Profile) -> Job:
    selection = select(acme, operator=admin, query="", ids=[alice.pk])
    return start(selection, "tag", {"tags": ["new"]}, actor=admin, agreed=1)


@pytest.fixture
def selection(acme: Workspace, admin: Operator, alice: Profile) -> Selection:
    return select(acme, operator=admin, query="country=GB", is_everything=True)


@pytest.fixture
def draft(admin_client: Client, acme: Workspace) -> str:
    file = SimpleUploadedFile("people.csv", b"distinct_id,E-Mail,Plan\nbob,b@example.com,pro\n")
    answer = admin_client.post("/w/acme/imports/new/", {"origin": "", "file": file, "whole": "1"})
    return str(answer["Location"].split("/imports/")[1].split("/")[0])


def post(client: Client, page: str, form: PostedForm, **changes: str) -> None:
    """What the form sends; a file box stays empty."""
    target = form.action or page
    if target.startswith("/") and "sign-out" not in target:
        # A lone surrogate cannot be sent as UTF-8; what comes of it is replaced, as a browser does.
        fields = {
            name: value.encode("utf-8", "replace").decode() for name, value in (form.fields | changes).items()
        }
        answer = client.post(target, fields)
        assert answer.status_code < 500, (target, changes)
        assert "Traceback" not in answer.content.decode()


def try_all_forms(client: Client, page: str) -> int:
    answer = client.get(page)
    assert answer.status_code == 200, page
    tried = 0
    for form in forms_of(answer.content.decode()):
        if "/operator/" in form.action or not set(form.fields) - {"csrfmiddlewaretoken"}:
            continue
        for name in form.fields:
            for value in some():
                post(client, page, form, **{name: value})
                tried += 1
    return tried


def some() -> tuple[str, ...]:
    if os.environ.get("HOSTILE_VALUES") == "all":
        return HOSTILE
    return (next(VALUES),)


def test_every_field_of_the_pages_of_a_selection(
    admin_client: Client, selection: Selection, alice: Profile
) -> None:
    for verb in ("tag", "untag", "disable", "activate", "set", "clear", "replace", "export", "delete"):
        page = f"/w/acme/profiles/selections/{selection.pk}/{verb}/"
        if admin_client.get(page).status_code == 200:
            assert try_all_forms(admin_client, page)


def test_every_field_of_the_mapping_and_the_preview(admin_client: Client, draft: str) -> None:
    assert try_all_forms(admin_client, f"/w/acme/imports/{draft}/mapping/") > 10
    page = f"/w/acme/imports/{draft}/preview/"
    if admin_client.get(page).status_code == 200:
        try_all_forms(admin_client, page)


def test_every_field_of_the_pages_of_a_job(admin_client: Client, job: Job) -> None:
    assert job.state == JobState.DONE
    for page in ("", "undo/", "refused/"):
        try_all_forms(admin_client, f"/w/acme/jobs/{job.pk}/{page}")
    assert Job.objects.filter(kind=JobKind.UNDO).count() <= 1


# The rest have no form, or (profiles/ids/) a temporary table that lasts as long as the transaction of a test.
WITH_FORMS = (
    "profiles/",
    "profiles/columns/",
    "profiles/new/",
    "properties/create/",
    "imports/new/",
    "jobs/",
)


@pytest.mark.parametrize("page", WITH_FORMS)
def test_every_field_of_the_other_pages(admin_client: Client, alice: Profile, page: str) -> None:
    try_all_forms(admin_client, f"/w/acme/{page}")


@pytest.mark.parametrize("page", PAGES)
def test_every_query(admin_client: Client, alice: Profile, page: str) -> None:
    for name in QUERIES:
        for value in some():
            if "\ud800" not in value:
                answer = admin_client.get(f"/w/acme/{page}", {name: value})
                assert answer.status_code < 500, (page, name, value)
