"""The other nouns in Django's admin."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.utils.timezone import now

from profiles.models import (
    Operator,
    Profile,
    PropertyDefinition,
    RateWindow,
    Selection,
    SelectionMember,
    Tag,
    Workspace,
)
from profiles.schema import schema_of

RECORDS = (
    *("profilechange", "identifier", "auditentry", "deletionreceipt", "job", "jobrefusal"),
    *("apikey", "storedanswer"),
)


def test_every_noun_is_there() -> None:
    """But for those with a key of several columns, which Django's admin does not take."""
    nouns = set(apps.get_app_config("profiles").get_models())
    composite = {SelectionMember, RateWindow}
    assert nouns - set(admin.site._registry) == composite


def test_every_list_and_page_opens(root: Client, alice: Profile) -> None:
    for model in admin.site._registry:
        if model._meta.app_label != "profiles":
            continue
        url = f"/admin/profiles/{model._meta.model_name}/"
        assert root.get(url).status_code == 200, url
        assert root.get(url, {"q": "nobody"}).status_code in (200, 302), url
        if row := model._default_manager.first():
            assert root.get(f"{url}{row.pk}/change/").status_code == 200, url


@pytest.mark.parametrize("name", RECORDS)
def test_records_are_only_read(name: str, root: Client, alice: Profile) -> None:
    url = f"/admin/profiles/{name}/"
    assert root.get(f"{url}add/").status_code == 403
    model = apps.get_model("profiles", name)
    if row := model._default_manager.first():
        assert root.post(f"{url}{row.pk}/change/", {"deed": "x"}).status_code == 403
        assert root.post(f"{url}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert model._default_manager.filter(pk=row.pk).exists()


def test_history_is_found_by_profile(root: Client, alice: Profile, make_profile: Any) -> None:
    make_profile("bob")
    page = root.get("/admin/profiles/profilechange/", {"q": str(alice.pk)})
    assert page.context["cl"].result_count == 1
    assert root.get("/admin/profiles/profilechange/", {"q": "x"}).context["cl"].result_count == 0


def test_a_new_workspace_has_the_default_properties(root: Client) -> None:
    root.post("/admin/profiles/workspace/add/", {"slug": "new", "name": "New", "unknown_keys": "refuse"})
    made = Workspace.objects.get(slug="new")
    assert made.unknown_keys == "refuse"
    assert "email" in schema_of(made).fields


def test_definitions_are_written_through_the_operations(root: Client, acme: Workspace) -> None:
    url = "/admin/profiles/propertydefinition/"
    given = {"workspace": acme.pk, "key": "plan", "label": "Plan", "type": "text", "choices": ""}
    assert root.post(f"{url}add/", given).status_code == 302
    acme.refresh_from_db()
    assert "custom.plan" in schema_of(acme).fields
    page = root.post(f"{url}add/", given).content.decode()
    assert "There is a property with the key “plan” already." in page
    plan = PropertyDefinition.objects.get(key="plan")
    root.post(f"{url}{plan.pk}/change/", given | {"label": "Tariff", "max_length": "5", "key": "other"})
    acme.refresh_from_db()
    assert schema_of(acme).fields["custom.plan"].label == "Tariff"
    assert schema_of(acme).validate({"custom.plan": "too long"}).errors
    root.post(url, {"action": "archive", "_selected_action": [plan.pk]})
    plan.refresh_from_db()
    assert plan.is_archived


def test_a_tag_is_neither_made_nor_deleted_by_hand_only_coloured(root: Client, alice: Profile) -> None:
    tag, url = Tag.objects.get(name="vip"), "/admin/profiles/tag/"
    new = {"workspace": alice.workspace_id, "name": "a;b\x01", "colour": "red"}
    assert root.get(f"{url}add/").status_code == 403
    assert root.post(f"{url}add/", new).status_code == 403
    assert root.post(f"{url}{tag.pk}/delete/", {"post": "yes"}).status_code == 403
    root.post(url, {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"})
    assert root.post(f"{url}{tag.pk}/change/", new).status_code == 302
    assert list(Tag.objects.values_list("name", "colour")) == [("vip", "red")]


def test_an_operator_who_has_a_selection_can_be_deleted(
    root: Client, editor: Operator, acme: Workspace
) -> None:
    Selection.objects.create(workspace=acme, operator=editor, mark=now())
    assert root.post(f"/admin/profiles/operator/{editor.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Operator.objects.filter(pk=editor.pk).exists()
    assert not Selection.objects.exists()


def test_selections_are_read_and_deleted_but_not_written(
    root: Client, editor: Operator, acme: Workspace
) -> None:
    selection = Selection.objects.create(workspace=acme, operator=editor, mark=now())
    url = "/admin/profiles/selection/"
    assert root.get(f"{url}add/").status_code == 403
    assert root.post(f"{url}{selection.pk}/change/", {"query": "x"}).status_code == 403
    assert root.post(f"{url}{selection.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Selection.objects.exists()
