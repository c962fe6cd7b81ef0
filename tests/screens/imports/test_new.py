"""Step 1: sending a file."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from profiles.models import ImportDraft, Operator, StoredFile, Workspace

from .conftest import NEW, PEOPLE, Send, left_in

HTMX = {"HX-Request": "true"}


def test_a_file_becomes_a_draft_with_guessed_columns(
    editor_client: Client, editor: Operator, acme: Workspace, send: Send
) -> None:
    answer = send(editor_client, "people.csv")
    draft = ImportDraft.objects.get()
    assert answer.headers["Location"] == f"/w/acme/imports/{draft.pk}/mapping/"
    assert (draft.workspace, draft.operator, draft.name, draft.size) == (
        *(acme, editor, "people.csv", len(PEOPLE.encode())),
    )
    assert draft.file is not None
    assert draft.file.path.read_text() == PEOPLE
    goes_to = {each["column"]: each.get("to") for each in draft.mapping["columns"]}
    assert goes_to["distinct_id"] == "distinct_id"
    assert goes_to["E-Mail"] == "email"
    assert goes_to["Plan"] == "custom.plan"


def test_with_htmx_the_browser_is_sent_on(editor_client: Client, send: Send) -> None:
    answer = send(editor_client, "people.csv", headers=HTMX)
    assert answer.headers["HX-Redirect"].endswith("/mapping/")


def test_the_page_says_what_is_taken(editor_client: Client, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 3 * 2**20
    page = editor_client.get(NEW).content.decode()
    assert "Up to 3 MB" in page
    assert 'data-most="3145728"' in page
    assert "CleverTap" in page


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("people.csv", b"", "people.csv is empty"),
        ("people.pdf", b"%PDF-1.7 \xe2\xe3", "is a PDF"),
        ("people.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as .xlsx"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, "photo.png is no table"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 20, "photo.jpg is no table"),
        ("people.csv", bytes(range(255, 0, -1)) * 20, "people.csv is no table"),
        ("wide.csv", b",".join(b"c%d" % number for number in range(401)) + b"\n", "has 401 columns"),
        ("people.xlsx", b"name,email\n", "not what its name says"),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    editor_client: Client, files: Path, send: Send, name: str, content: bytes, word: str
) -> None:
    answer = send(editor_client, name, content, headers=HTMX)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert left_in(files) == []
    assert not StoredFile.objects.exists()


def test_no_file_at_all_is_asked_for(editor_client: Client) -> None:
    answer = editor_client.post(NEW, {"origin": "", "whole": "1"})
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_too_large_a_file_is_refused(editor_client: Client, settings: Any, files: Path, send: Send) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    answer = send(editor_client, "people.csv", "x" * 200)
    assert answer.status_code == 422
    assert "larger than 100 bytes" in answer.content.decode()
    assert left_in(files) == []


def test_a_file_in_another_encoding_is_kept_and_asked_about(editor_client: Client, send: Send) -> None:
    answer = send(editor_client, "kunden.csv", "distinct_id,city\n1,Köln\n".encode("cp1252"))
    draft = ImportDraft.objects.get()
    assert draft.mapping == {}
    page = editor_client.get(answer.headers["Location"]).content.decode()
    assert "is not UTF-8 text" in page
    assert "Windows-1252" in page


@pytest.mark.parametrize("encoding", ["utf-16-le", "shift_jis", "cp1251", "gb18030"])
def test_text_in_any_encoding_is_asked_about(editor_client: Client, send: Send, encoding: str) -> None:
    table = {"cp1251": "имя,город\nАнна,Тверь\n"}.get(encoding, "名前,都市\n太郎,東京\n")
    assert send(editor_client, "people.csv", (table * 5).encode(encoding)).status_code == 302
    assert ImportDraft.objects.get().mapping == {}


def test_of_a_file_that_was_cut_off_nothing_is_left(editor_client: Client, files: Path) -> None:
    boundary = "BoUnDaRy"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{PEOPLE}"
    )
    answer = editor_client.post(NEW, body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 422
    assert "did not arrive whole" in answer.content.decode()
    assert left_in(files) == []
    assert not ImportDraft.objects.exists()


def test_the_same_file_twice_is_two_drafts(editor_client: Client, send: Send) -> None:
    for _ in range(2):
        send(editor_client, "people.csv")
    assert len({draft.file_id for draft in ImportDraft.objects.all()}) == 2


def test_strangers_and_viewers_write_nothing_to_the_disk(
    client: Client, viewer_client: Client, outsider_client: Client, files: Path, send: Send
) -> None:
    answers = [send(each, "people.csv").status_code for each in (client, viewer_client, outsider_client)]
    assert answers == [302, 403, 404]
    assert left_in(files) == []
    assert not ImportDraft.objects.exists()


def test_without_the_csrf_token_nothing_is_kept(editor: Operator, files: Path, send: Send) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(editor)
    assert send(careful, "people.csv").status_code == 403
    assert left_in(files) == []


def test_an_unknown_origin_is_refused(editor_client: Client, files: Path, send: Send) -> None:
    assert send(editor_client, "people.csv", origin="sap").status_code == 422
    assert left_in(files) == []
