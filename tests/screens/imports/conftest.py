"""Files to import, and what sends them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from profiles.models import ImportDraft

NEW = "/w/acme/imports/new/"
PEOPLE = """\
distinct_id,E-Mail,First name,Birthday,Plan,Notes
alice,alice@new.example,Alice,1990-01-31,pro,"one, two"
bob,bob@example.com,Bob,1985-02-28,free,
carol,not an address,Carol,1999-12-31,free,😀 مرحبا
"""

Send = Callable[..., Any]
MakeDraft = Callable[..., ImportDraft]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = str(tmp_path)
    return tmp_path


def left_in(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


@pytest.fixture
def send() -> Send:
    """Post a file as the form does: `send(editor_client, "people.csv", PEOPLE)`."""

    def post(
        client: Client, name: str, content: str | bytes = PEOPLE, *, origin: str = "", **headers: Any
    ) -> Any:
        data = content.encode() if isinstance(content, str) else content
        fields = {"origin": origin, "file": SimpleUploadedFile(name, data), "whole": "1"}
        return client.post(NEW, fields, **headers)

    return post


@pytest.fixture
def make_draft(send: Send) -> MakeDraft:
    """Upload a file and take the draft that comes of it."""

    def make(
        client: Client, name: str = "people.csv", content: str | bytes = PEOPLE, **more: Any
    ) -> ImportDraft:
        before = set(ImportDraft.objects.values_list("pk", flat=True))
        assert send(client, name, content, **more).status_code == 302
        return ImportDraft.objects.exclude(pk__in=before).get()

    return make


def form_of(page: Any) -> dict[str, str]:
    """What a browser would send of the mapping form that was answered."""
    context = page.context
    sent = {"version": str(context["draft"].version)}
    for row in context["rows"]:
        mapping = row.mapping
        sent |= {
            f"{row.name}-to": "new" if row.is_new else mapping.to,
            f"{row.name}-label": row.label,
            f"{row.name}-key": row.key,
            f"{row.name}-type": mapping.type or "text",
            f"{row.name}-dates": "pattern" if "%" in mapping.dates else mapping.dates,
            f"{row.name}-pattern": mapping.dates,
            f"{row.name}-booleans": mapping.words,
            f"{row.name}-countries": mapping.words,
            f"{row.name}-numbers": mapping.numbers,
            f"{row.name}-separator": mapping.separator,
            f"{row.name}-prefix": mapping.prefix,
        }
    policies = context["policies"]
    return sent | {name: policies.initial[name] for name in policies.fields}
