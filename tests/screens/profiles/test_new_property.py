"""Adding a custom property from a person's page."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import Operator, Profile, PropertyDefinition, UnknownKeys, Workspace
from tests.browser_forms import form_of

pytestmark = pytest.mark.django_db


def post(client: Client, profile: Profile, **data: str) -> Any:
    return client.post(f"/w/acme/profiles/{profile.pk}/properties/new/", data)


def refuse_unknown_keys(workspace: Workspace) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(unknown_keys=UnknownKeys.REFUSE)


def test_it_defines_the_property_and_sets_the_value(editor_client: Client, alice: Profile) -> None:
    answer = post(editor_client, alice, key="seats", label="Seats", type="integer", value="5")
    assert answer["Location"] == f"/w/acme/profiles/{alice.pk}/"
    definition = PropertyDefinition.objects.get(key="seats")
    assert (definition.kind, definition.label, definition.type) == ("custom", "Seats", "integer")
    alice.refresh_from_db()
    assert alice.custom["seats"] == 5
    page = editor_client.get(f"/w/acme/profiles/{alice.pk}/").content.decode()
    assert form_of(page, "/update/").fields["custom.seats"] == "5"


def test_without_a_value_it_is_only_defined(editor_client: Client, alice: Profile) -> None:
    post(editor_client, alice, key="plan", type="text")
    assert PropertyDefinition.objects.get(key="plan").label == "Plan"
    alice.refresh_from_db()
    assert alice.custom == {"plan": "pro"}


@pytest.mark.parametrize(
    ("label", "key"), [("Favourite Colour!", "favourite_colour"), (" Größe (EU) ", "größe_eu")]
)
def test_the_key_is_made_from_the_label(editor_client: Client, alice: Profile, label: str, key: str) -> None:
    assert post(editor_client, alice, label=label, type="text", value="red").status_code == 302
    assert PropertyDefinition.objects.get(key=key).label == label.strip()
    alice.refresh_from_db()
    assert alice.custom[key] == "red"


def test_a_label_without_a_letter_makes_no_key(editor_client: Client, alice: Profile) -> None:
    answer = post(editor_client, alice, label="!!!", type="text")
    assert answer.status_code == 422
    assert "Key is required" in answer.content.decode()


@pytest.mark.parametrize(
    ("key", "label"), [("shoe_size", "Shoe size"), ("shoeSize", "shoeSize"), ("Über uns", "Über uns")]
)
def test_the_label_is_made_from_the_key(editor_client: Client, alice: Profile, key: str, label: str) -> None:
    post(editor_client, alice, key=key, type="text")
    assert PropertyDefinition.objects.get(key=key).label == label


def test_a_value_that_does_not_fit_defines_nothing(editor_client: Client, alice: Profile) -> None:
    answer = post(editor_client, alice, key="seats", label="Seats", type="integer", value="five")
    assert answer.status_code == 422
    assert "Seats must be a whole number" in answer.content.decode()
    assert not PropertyDefinition.objects.filter(key="seats").exists()


def test_what_was_typed_is_escaped_in_messages(editor_client: Client, alice: Profile) -> None:
    answer = post(editor_client, alice, key="<script>", label="<script>", type="integer", value="<script>")
    page = answer.content.decode()
    assert "must be a whole number" in page
    assert "<script>" not in page


def test_a_key_that_exists_is_refused(editor_client: Client, alice: Profile) -> None:
    post(editor_client, alice, key="seats", type="integer", value="5")
    answer = post(editor_client, alice, key="seats", type="integer", value="6")
    assert answer.status_code == 422
    alice.refresh_from_db()
    assert alice.custom["seats"] == 5


@pytest.mark.parametrize("key", ["", "x" * 121, "nul\0", "   "])
def test_impossible_keys_are_refused(editor_client: Client, alice: Profile, key: str) -> None:
    assert post(editor_client, alice, key=key, type="text", value="x").status_code == 422


@pytest.mark.parametrize("type", ["", "choice", "nonsense"])
def test_impossible_types_are_refused(editor_client: Client, alice: Profile, type: str) -> None:
    assert post(editor_client, alice, key="seats", type=type, value="x").status_code == 422


def test_the_page_and_the_dialog(editor_client: Client, alice: Profile) -> None:
    url = f"/w/acme/profiles/{alice.pk}/properties/new/"
    assert "<!doctype html>" in editor_client.get(url).content.decode()
    fragment = editor_client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<form id="new-property"')


def test_where_unknown_keys_are_refused_only_admins_define(
    admin_client: Client, editor_client: Client, alice: Profile
) -> None:
    refuse_unknown_keys(alice.workspace)
    assert "properties/new/" not in editor_client.get(f"/w/acme/profiles/{alice.pk}/").content.decode()
    assert post(editor_client, alice, key="seats", type="integer").status_code == 403
    assert post(admin_client, alice, key="seats", type="integer").status_code == 302


def test_it_refuses_a_viewer(viewer_client: Client, alice: Profile) -> None:
    assert post(viewer_client, alice, key="seats", type="integer").status_code == 403


def test_another_workspace_no_login_wrong_method_foreign_page(
    client: Client, outsider_client: Client, editor: Operator, editor_client: Client, alice: Profile
) -> None:
    url = f"/w/acme/profiles/{alice.pk}/properties/new/"
    assert outsider_client.post(url).status_code == 404
    assert outsider_client.post(url.replace("acme", "globex")).status_code == 404
    assert client.get(url)["Location"].startswith("/sign-in/")
    assert editor_client.put(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(url, {"key": "seats", "type": "integer"}).status_code == 403
