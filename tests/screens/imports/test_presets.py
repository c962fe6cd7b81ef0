"""Mappings with a name, shared in the workspace."""

import pytest
from django.test import Client

from profiles.models import AuditEntry, ImportDraft, MappingPreset, Operator, Workspace

from .conftest import MakeDraft, form_of

OTHER = "distinct_id,E-Mail,Town\ndan,dan@example.com,Bonn\n"


def url_of(draft: ImportDraft, step: str = "preset") -> str:
    return f"/w/acme/imports/{draft.pk}/{step}/"


@pytest.fixture
def preset(editor_client: Client, make_draft: MakeDraft) -> MappingPreset:
    """Saved from a file whose first names go to the last name."""
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft, "mapping")))
    sent |= {"c2-to": "last_name", "blank": "clear", "do": "save", "preset-name": " Our  CRM "}
    assert editor_client.post(url_of(draft), sent).status_code == 302
    return MappingPreset.objects.get()


def test_it_keeps_what_the_form_says(preset: MappingPreset, acme: Workspace, editor: Operator) -> None:
    assert (preset.name, preset.workspace, preset.operator) == ("Our CRM", acme, editor)
    assert preset.mapping["columns"][2]["to"] == "last_name"
    assert preset.mapping["blank"] == "clear"
    assert ImportDraft.objects.get().preset == preset
    assert AuditEntry.objects.get(verb="create_preset").subject == "Our CRM"


def test_a_colleague_uses_it_for_the_next_file(
    preset: MappingPreset, admin_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(admin_client)
    page = admin_client.get(url_of(draft, "mapping"))
    assert "Our CRM (fits this file)" in page.content.decode()
    sent = form_of(page) | {"do": "use", "preset": str(preset.pk)}
    answer = admin_client.post(url_of(draft), sent, follow=True)
    assert "mapped as Our CRM says" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.mapping["columns"][2]["to"] == "last_name"
    assert draft.mapping["blank"] == "clear"


def test_one_that_does_not_fit_says_which_columns_are_missing(
    preset: MappingPreset, editor_client: Client, make_draft: MakeDraft
) -> None:
    draft = make_draft(editor_client, "other.csv", OTHER)
    before = draft.mapping
    sent = form_of(editor_client.get(url_of(draft, "mapping"))) | {"do": "use", "preset": str(preset.pk)}
    answer = editor_client.post(url_of(draft), sent)
    assert answer.status_code == 422
    assert "Our CRM does not fit: other.csv has no column “First name”" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.mapping == before


def test_columns_that_it_does_not_know_are_passed_over(
    preset: MappingPreset, editor_client: Client, make_draft: MakeDraft
) -> None:
    header = "Extra,distinct_id,E-Mail,First name,Birthday,Plan,Notes"
    draft = make_draft(editor_client, "more.csv", f"{header}\n1,alice,,,,,\n")
    sent = form_of(editor_client.get(url_of(draft, "mapping"))) | {"do": "use", "preset": str(preset.pk)}
    editor_client.post(url_of(draft), sent)
    draft.refresh_from_db()
    assert draft.mapping["columns"][0] == {"column": "Extra"}
    assert draft.mapping["columns"][3]["to"] == "last_name"


def test_it_is_brought_up_to_date_and_deleted(preset: MappingPreset, editor_client: Client) -> None:
    draft = ImportDraft.objects.get()
    sent = form_of(editor_client.get(url_of(draft, "mapping")))
    editor_client.post(url_of(draft), sent | {"c2-to": "city", "do": "update", "preset": str(preset.pk)})
    preset.refresh_from_db()
    assert preset.mapping["columns"][2]["to"] == "city"
    sent = form_of(editor_client.get(url_of(draft, "mapping")))
    editor_client.post(url_of(draft), sent | {"do": "delete", "preset": str(preset.pk)})
    assert not MappingPreset.objects.exists()
    draft.refresh_from_db()
    assert (draft.preset, draft.mapping["columns"][2]["to"]) == (None, "city")


@pytest.mark.parametrize(
    ("name", "word"),
    [("", "needs a name"), ("OUR crm", "There is a preset OUR crm already"), ("x" * 81, "80")],
)
def test_a_name_is_given_once(preset: MappingPreset, editor_client: Client, name: str, word: str) -> None:
    draft = ImportDraft.objects.get()
    sent = form_of(editor_client.get(url_of(draft, "mapping"))) | {"do": "save", "preset-name": name}
    answer = editor_client.post(url_of(draft), sent)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert MappingPreset.objects.count() == 1


def test_presets_of_other_workspaces_are_not_found(
    editor_client: Client, globex: Workspace, make_draft: MakeDraft
) -> None:
    theirs = MappingPreset.objects.create(workspace=globex, name="Theirs", mapping={})
    draft = make_draft(editor_client)
    sent = form_of(editor_client.get(url_of(draft, "mapping"))) | {"do": "delete", "preset": str(theirs.pk)}
    assert editor_client.post(url_of(draft), sent).status_code == 404
    assert MappingPreset.objects.exists()


def test_viewers_and_strangers_change_nothing(
    preset: MappingPreset, viewer_client: Client, outsider_client: Client
) -> None:
    url = url_of(ImportDraft.objects.get())
    sent = {"do": "delete", "preset": str(preset.pk)}
    assert [each.post(url, sent).status_code for each in (viewer_client, outsider_client)] == [403, 404]
    assert viewer_client.get(url).status_code == 405
    assert MappingPreset.objects.exists()
