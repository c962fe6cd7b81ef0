"""Step 2: saying what the columns mean."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import ImportDraft, Operator, UnknownKeys, Workspace
from profiles.operations.properties import archive_property, create_property

from .conftest import MakeDraft, form_of

HTMX = {"HX-Request": "true"}


def url_of(draft: ImportDraft) -> str:
    return f"/w/acme/imports/{draft.pk}/mapping/"


def targets_of(draft: ImportDraft) -> dict[str, str]:
    draft.refresh_from_db()
    return {each["column"]: each.get("to", "") for each in draft.mapping["columns"]}


def test_it_shows_columns_examples_targets_and_rows(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    page = editor_client.get(url_of(draft)).content.decode()
    assert "6 columns of the file" in page
    assert "alice@new.example" in page
    assert 'value="email" selected' in page
    assert "31 January 1990" in page
    assert "not an address" in page
    assert "must be an e-mail address" in page
    assert "The name says e-mail" in page


def test_what_is_chosen_is_kept_and_shown(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft))) | {"c2-to": "last_name", "c5-to": "", "blank": "clear"}
    answer = editor_client.post(url_of(draft), sent, headers=HTMX)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in part
    assert "Last name" in part
    assert f'id="version" value="{draft.version + 1}" hx-swap-oob="true"' in part
    assert targets_of(draft)["First name"] == "last_name"
    assert targets_of(draft)["Notes"] == ""
    assert draft.mapping["blank"] == "clear"
    assert 'value="last_name" selected' in editor_client.get(url_of(draft)).content.decode()


def test_a_value_that_does_not_fit_is_told_beside_its_column(
    editor_client: Client, acme: Workspace, make_draft: MakeDraft
) -> None:
    create_property(acme, actor=None, key="plan", type="choice", choices=["free", "gold"])
    draft = make_draft(editor_client, "plans.csv", "distinct_id,custom.plan\nana,gold\nbob,pro\n")
    page = editor_client.get(url_of(draft))
    assert [row.note.is_to_check for row in page.context["rows"]] == [False, True]
    assert page.context["rows"][1].note.reason == "Plan must be one of free, gold; “pro” is not"


def test_a_file_read_as_the_export_of_another_product_says_what_is_wrong(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    call = '{"type": "identify", "userId": "ana", "traits": {"email": "ana@example.com"}}'
    draft = make_draft(editor_client, "calls.jsonl", call, origin="zendesk")
    page = editor_client.get(url_of(draft)).content.decode()
    assert "Nothing to import was found in the first rows, read as a Zendesk export. Line 1: " in page


def test_only_notes_that_changed_are_sent_again(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft))) | {"c2-to": "email"}
    part = editor_client.post(url_of(draft), sent, headers=HTMX).content.decode()
    assert 'id="c1-note" hx-swap-oob="true"' in part
    assert "both go to email" in part
    assert "c2-note" not in part
    assert "c0-note" not in part
    sent = form_of(editor_client.get(url_of(draft))) | {"c2-to": "first_name"}
    part = editor_client.post(url_of(draft), sent, headers=HTMX).content.decode()
    assert 'id="c1-note" hx-swap-oob="true"' in part
    assert "both go to email" not in part


def test_without_javascript_the_button_shows_the_rows(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft))) | {"do": "look", "c2-to": "last_name"}
    answer = editor_client.post(url_of(draft), sent)
    assert answer.headers["Location"] == f"{url_of(draft)}#sample"
    assert targets_of(draft)["First name"] == "last_name"


def test_a_property_to_create_has_a_label_a_type_and_a_key(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft)))
    sent |= {"c4-to": "new", "c4-label": "Tariff", "c4-key": "tariff", "c4-type": "text"}
    editor_client.post(url_of(draft), sent)
    draft.refresh_from_db()
    assert draft.mapping["columns"][4] == {
        "column": "Plan",
        "to": "custom.tariff",
        "type": "text",
        "label": "Tariff",
    }


def test_dates_lists_and_numbers_are_asked_about_only_where_they_matter(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft)))
    sent |= {"c3-dates": "day_first", "c4-dates": "day_first", "c2-to": "tags", "c2-separator": ","}
    editor_client.post(url_of(draft), sent)
    draft.refresh_from_db()
    columns = draft.mapping["columns"]
    assert columns[3]["dates"] == "day_first"
    assert "dates" not in columns[4]
    assert columns[2]["separator"] == ","


def test_what_was_guessed_stays_when_the_form_is_sent_as_it_is(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    content = (
        "Kundennummer;Geburtstag;Umsatz;Newsletter;Land;Interessen;Telefon\n"
        "1;31.01.1990;1.234,50;ja;Deutschland;Kochen,Reisen;0170 1234567\n"
        "2;28.02.1985;99,00;nein;Frankreich;Musik;0170 7654321\n"
    )
    draft = make_draft(editor_client, "kunden.csv", content)
    before = draft.mapping
    assert {"dates", "numbers", "words"} <= {key for each in before["columns"] for key in each}
    editor_client.post(url_of(draft), form_of(editor_client.get(url_of(draft))))
    draft.refresh_from_db()
    assert draft.mapping == before
    assert draft.version == 1


def test_a_pattern_of_dates_may_be_typed_in(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft))) | {"c3-dates": "pattern", "c3-pattern": "%Y-%m-%d"}
    editor_client.post(url_of(draft), sent)
    draft.refresh_from_db()
    assert draft.mapping["columns"][3]["dates"] == "%Y-%m-%d"
    page = editor_client.get(url_of(draft)).content.decode()
    assert 'name="c3-pattern" value="%Y-%m-%d"' in page
    wrong = form_of(editor_client.get(url_of(draft))) | {"c3-pattern": "%Q"}
    answer = editor_client.post(url_of(draft), wrong)
    assert answer.status_code == 422
    assert "is no pattern of dates" in answer.content.decode()


def test_another_identifier_has_a_kind(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft))) | {"c5-to": "identifier", "c5-kind": "crm_id"}
    editor_client.post(url_of(draft), sent)
    assert targets_of(draft)["Notes"] == "identifier.crm_id"
    assert 'value="identifier.crm_id" selected' in editor_client.get(url_of(draft)).content.decode()


def test_an_older_page_does_not_undo_a_newer_choice(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    one_tab = other_tab = form_of(editor_client.get(url_of(draft)))
    editor_client.post(url_of(draft), one_tab | {"c2-to": "last_name"})
    answer = editor_client.post(url_of(draft), other_tab | {"c2-to": "city"}, follow=True)
    assert "changed since you opened it" in answer.content.decode()
    assert targets_of(draft)["First name"] == "last_name"
    again = editor_client.post(url_of(draft), other_tab | {"c2-to": "city"}, headers=HTMX)
    assert again.headers["HX-Redirect"] == url_of(draft)


def test_two_columns_to_one_place_are_said_at_the_column(
    editor_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft))) | {"c2-to": "email", "do": "continue"}
    answer = editor_client.post(url_of(draft), sent)
    assert answer.status_code == 422
    assert "both go to email" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.preview is None


def test_a_property_that_was_archived_meanwhile_is_named(
    editor_client: Client, acme: Workspace, make_draft: MakeDraft
) -> None:
    plan = create_property(acme, actor=None, key="plan", type="text")
    draft = make_draft(editor_client)
    archive_property(plan, actor=None)
    page = editor_client.get(url_of(draft)).content.decode()
    assert "Plan is archived and takes no values" in page


def test_where_only_admins_define_properties_an_editor_is_told_whom_to_ask(
    editor_client: Client, admin_client: Client, acme: Workspace, make_draft: MakeDraft
) -> None:
    Workspace.objects.filter(pk=acme.pk).update(unknown_keys=UnknownKeys.REFUSE)
    draft = make_draft(editor_client)
    page = editor_client.get(url_of(draft))
    assert "“Plan” would create a property, which only admins do here" in page.content.decode()
    answer = editor_client.post(url_of(draft), form_of(page) | {"do": "continue"})
    assert answer.status_code == 422
    page = admin_client.get(url_of(draft))
    assert "would create a property" not in page.content.decode()
    assert admin_client.post(url_of(draft), form_of(page) | {"do": "continue"}).status_code == 302


def test_a_file_that_was_deleted_is_said(editor_client: Client, make_draft: MakeDraft) -> None:
    draft = make_draft(editor_client)
    assert draft.file is not None
    draft.file.delete()
    page = editor_client.get(url_of(draft))
    assert page.status_code == 200
    assert "was kept for 7 days and is deleted" in page.content.decode()


def test_a_header_that_looks_like_values_is_doubted(editor_client: Client, make_draft: MakeDraft) -> None:
    doubted = make_draft(editor_client, "bare.csv", "1,a@example.com\n2,b@example.com\n")
    assert "The first line looks like values" in editor_client.get(url_of(doubted)).content.decode()
    good = make_draft(editor_client)
    assert "The first line looks like values" not in editor_client.get(url_of(good)).content.decode()


def test_two_hundred_columns_and_long_cells(editor_client: Client, make_draft: MakeDraft) -> None:
    header = ",".join(["distinct_id", *(f"column {number}" for number in range(199))])
    rows = "\n".join(",".join([f"p{row}", *["نص طويل 😀 " * 50] * 199]) for row in range(15))
    draft = make_draft(editor_client, "wide.csv", f"{header}\n{rows}\n")
    page = editor_client.get(url_of(draft))
    assert len(page.context["rows"]) == 200
    assert len(page.content) < 3_000_000
    answer = editor_client.post(url_of(draft), form_of(page) | {"c7-to": ""}, headers=HTMX)
    assert answer.status_code == 200


def test_it_stays_within_its_query_count(
    editor_client: Client, make_draft: MakeDraft, django_assert_max_num_queries: Any
) -> None:
    draft = make_draft(editor_client)
    editor_client.get(url_of(draft))
    with django_assert_max_num_queries(10):
        editor_client.get(url_of(draft))


def test_a_colleague_may_go_on(
    editor_client: Client, admin_client: Client, editor: Operator, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client)
    assert "by <bdi>editor</bdi>" in admin_client.get(url_of(draft)).content.decode()


@pytest.mark.parametrize("step", ["mapping", "preview", "discard"])
def test_viewers_and_strangers_do_not_see_it(
    viewer_client: Client,
    outsider_client: Client,
    client: Client,
    admin_client: Client,
    step: str,
    make_draft: Any,
) -> None:
    draft = make_draft(admin_client)
    url = f"/w/acme/imports/{draft.pk}/{step}/"
    assert [each.get(url).status_code for each in (viewer_client, outsider_client, client)] == [403, 404, 302]
    assert outsider_client.get(url.replace("acme", "globex")).status_code == 404
