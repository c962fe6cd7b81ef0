"""Reading a file differently from how it was guessed."""

from django.test import Client

from profiles.models import ImportDraft

from .conftest import MakeDraft

CITIES = "distinct_id,city\n1,Köln\n".encode("cp1252")


def read_as(client: Client, draft: ImportDraft, **chosen: str) -> str:
    given = {"version": str(draft.version), "origin": "", "encoding": "", "delimiter": ""} | chosen
    url = f"/w/acme/imports/{draft.pk}/reading/"
    page = client.post(url, given, follow=True).content.decode()
    draft.refresh_from_db()
    return page


def test_another_encoding(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client, "kunden.csv", CITIES)
    page = read_as(editor_client, draft, encoding="cp1252")
    assert "Köln" in page
    assert "2 columns of the file" in page
    assert draft.encoding == "cp1252"


def test_an_encoding_that_is_wrong_too_is_said_and_not_kept(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client, "kunden.csv", CITIES)
    page = read_as(editor_client, draft, encoding="utf-16")
    assert "is not UTF-16 text" in page
    assert draft.encoding == ""


def test_another_delimiter_guesses_the_columns_anew(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client, "odd.csv", "distinct_id^email\n1^a@example.com\n")
    assert len(draft.mapping["columns"]) == 1
    read_as(editor_client, draft, delimiter="^")
    assert [each["to"] for each in draft.mapping["columns"]] == ["distinct_id", "email"]
    read_as(editor_client, draft, delimiter="tab")
    assert draft.delimiter == "\t"


def test_an_older_page_changes_nothing(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    page = read_as(editor_client, draft, delimiter=";", version="0")
    assert "changed since you opened it" in page
    assert draft.delimiter == ""


def test_what_is_not_offered_is_refused(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    assert "Select a valid choice" in read_as(editor_client, draft, encoding="rot13")
    assert draft.encoding == ""


def test_only_editors_do(
    editor_client: Client, viewer_client: Client, outsider_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    url = f"/w/acme/imports/{draft.pk}/reading/"
    assert [each.post(url).status_code for each in (viewer_client, outsider_client)] == [403, 404]
    assert editor_client.get(url).status_code == 405
