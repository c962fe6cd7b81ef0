"""Select by a list of IDs: pasted or sent, shown, changed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from profiles.models import Operator, Profile, Selection, Workspace
from profiles.operations.selections import select
from tests.conftest import Make

URL = "/w/acme/profiles/ids/"


@pytest.fixture
def people(make_profile: Make) -> list[Profile]:
    return [make_profile(name) for name in ("ann", "bob", "cid")]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = str(tmp_path)


def sent(content: bytes, name: str = "ids.txt") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "environment": "live"}


def test_a_pasted_list_leads_to_who_was_found(editor_client: Client, people: list[Profile]) -> None:
    assert "Find them" in editor_client.get(URL).text
    answer = editor_client.post(URL, {"ids": "ann\r\nbob\r\nann\r\n<nobody>", "environment": "live"})
    selection = Selection.objects.get()
    assert answer["Location"] == f"{URL}{selection.pk}/"
    text = editor_client.get(answer["Location"]).text
    assert "2 profiles of a list" in text
    assert "&lt;nobody&gt;" in text
    for verb in ("tag", "set", "replace", "delete"):
        assert f'href="/w/acme/profiles/selections/{selection.pk}/{verb}/"' in text
    download = editor_client.get(f"{URL}{selection.pk}/unknown/")
    assert b"".join(download.streaming_content) == b"<nobody>\n"  # type: ignore[arg-type]


def test_a_deed_leads_back_to_the_list(editor_client: Client, people: list[Profile]) -> None:
    found = editor_client.post(URL, sent(b"distinct_id,email\nann,x\nbob,y\n", "ids.csv"))["Location"]
    selection = Selection.objects.get()
    page = editor_client.get(f"/w/acme/profiles/selections/{selection.pk}/delete/").text
    assert "A list of 2 distinct IDs" in page
    done = editor_client.post(f"/w/acme/profiles/selections/{selection.pk}/delete/", {"agreed": "2"})
    assert done["Location"] == found
    text = editor_client.get(found).text
    assert "of whom 0 are left" in text
    assert list(Profile.objects.values_list("distinct_id", flat=True)) == ["cid"]


def test_all_unknown_ones_can_be_downloaded(editor_client: Client, people: list[Profile]) -> None:
    ids = [f"unknown-{number}" for number in range(70)]
    found = editor_client.post(URL, sent("\n".join(ids).encode()))["Location"]
    text = editor_client.get(found).text
    assert ("unknown-49" in text, "unknown-50" in text) == (True, False)
    download = b"".join(editor_client.get(f"{found}unknown/").streaming_content)  # type: ignore[arg-type]
    assert download.decode().split() == ids
    Selection.objects.get().unknown_file.path.unlink()  # type: ignore[union-attr]
    assert editor_client.get(f"{found}unknown/").status_code == 404


@pytest.mark.parametrize(
    ("posted", "reason"),
    [
        ({"environment": "live"}, "no ID in this list"),
        ({"ids": "ann", "environment": "space"}, "Choose live or test"),
        ({"ids": "a\0b", "environment": "live"}, "Null characters"),
        (sent(b"\xff\xd8\xff\xe0" * 100), "not UTF-8"),
        (sent(b"x" * 100_000), "too long for a distinct ID"),
        (sent(b""), "empty"),
        ({"ids": "x\n" * 1_100_000, "environment": "live"}, "at most 2000000 characters"),
    ],
)
def test_what_cannot_be_read_is_told(editor_client: Client, posted: dict[str, Any], reason: str) -> None:
    answer = editor_client.post(URL, posted)
    assert answer.status_code == 422
    assert reason in answer.text
    assert not Selection.objects.exists()


def test_a_paste_of_ten_megabytes_is_refused_and_nothing_is_kept(editor_client: Client) -> None:
    answer = editor_client.post(URL, {"ids": "x" * 11_000_000, "environment": "live"})
    assert answer.status_code == 400
    assert "larger than allowed" in answer.text


def test_a_viewer_may_not(
    viewer_client: Client, viewer: Operator, acme: Workspace, people: list[Profile]
) -> None:
    assert viewer_client.get(URL).status_code == 403
    assert viewer_client.post(URL, {"ids": "ann", "environment": "live"}).status_code == 403


def test_it_belongs_to_its_operator_and_is_a_list(
    editor_client: Client, editor: Operator, admin_client: Client, acme: Workspace, people: list[Profile]
) -> None:
    found = editor_client.post(URL, {"ids": "ann", "environment": "live"})["Location"]
    for url in (found, f"{found}unknown/"):
        assert admin_client.get(url).status_code == 404
        assert editor_client.post(url).status_code == 405
    ticked = select(acme, operator=editor, query="", ids=[people[0].pk])
    assert editor_client.get(f"{URL}{ticked.pk}/").status_code == 404
