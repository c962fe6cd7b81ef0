"""Creating a property."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import PropertyDefinition, PropertyType, Workspace
from profiles.schema import schema_of

URL = "/w/acme/properties/create/"


def test_it_creates_and_goes_back_to_the_list(admin_client: Client, acme: Workspace) -> None:
    given = {
        "key": " seats ",
        "label": "Seats",
        "type": "integer",
        "minimum": "1",
        "required": "on",
        "indexed": "on",
    }
    answer = admin_client.post(URL, given)
    made = PropertyDefinition.objects.get(workspace=acme, key="seats")
    assert answer.headers["Location"] == f"/w/acme/properties/#property-{made.pk}"
    assert (made.type, made.minimum, made.required, made.indexed, made.starred) == (
        "integer",
        1,
        True,
        True,
        False,
    )
    assert made.index_state == "queued"


def test_choices_are_one_per_line(admin_client: Client, acme: Workspace) -> None:
    admin_client.post(URL, {"key": "plan", "type": "choice", "choices": "free\r\n pro \r\n\r\nfree"})
    acme.refresh_from_db()
    assert schema_of(acme).fields["custom.plan"].choices == ("free", "pro")


def test_the_page_has_all_rules(admin_client: Client) -> None:
    page = admin_client.get(URL).content.decode()
    for name in ("key", "type", "min_length", "maximum", "pattern", "choices", "max_elements", "indexed"):
        assert f'name="{name}"' in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"key": ""}, "This field is required."),
        ({"key": "a\0b"}, "Null characters are not allowed."),
        ({"type": "colour"}, "Select a valid choice."),
        ({"type": "choice"}, "Give at least one choice."),
        (
            {"type": "number", "minimum": "2", "maximum": "1"},
            "The smallest value may not be above the largest.",
        ),
        ({"type": "number", "minimum": "nan"}, "Enter a number."),
        ({"pattern": "("}, "This pattern cannot be used"),
        ({"max_length": "9" * 30}, "This must be from 1 to 10,000 characters."),
        ({"indexed": "on"}, "For an index, the longest text must be 500 characters or fewer."),
    ],
)
def test_errors_stand_beside_the_field_and_on_top_and_what_was_typed_stays(
    admin_client: Client, given: dict[str, str], sentence: str
) -> None:
    answer = admin_client.post(URL, {"key": "new", "label": "Typed before", "type": "text"} | given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(sentence) >= 1
    assert "data-error-summary" in page
    assert "Typed before" in page
    assert not PropertyDefinition.objects.filter(key="new").exists()


def test_a_key_that_is_taken_is_said_beside_the_key(admin_client: Client) -> None:
    admin_client.post(URL, {"key": "plan", "type": "text"})
    page = admin_client.post(URL, {"key": "plan", "type": "text"}).content.decode()
    assert "There is a property with the key “plan” already." in page


def test_only_admins_create(
    editor_client: Client, viewer_client: Client, outsider_client: Client, client: Client, acme: Workspace
) -> None:
    for verb in ("get", "post"):
        answers = [
            getattr(each, verb)(URL) for each in (editor_client, viewer_client, outsider_client, client)
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 404, 302]


def test_it_needs_the_csrf_token(admin: Any) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(admin)
    assert careful.post(URL, {"key": "plan", "type": "text"}).status_code == 403


def test_other_methods_are_refused(admin_client: Client) -> None:
    assert admin_client.delete(URL).status_code == 405


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("shoe size", "contains spaces"),
        ("address.city", "contains dots"),
        ("2024 plan", "contains spaces and begins with a digit"),
        ("a" * 41, "longer than 40"),
        ("price€", "contains signs"),
    ],
)
def test_an_unusual_key_is_asked_about_once_and_then_taken(
    admin_client: Client, acme: Workspace, key: str, words: str
) -> None:
    answer = admin_client.post(URL, {"key": key, "type": "text"})
    assert answer.status_code == 422
    assert words in answer.text
    assert not acme.property_definitions.filter(key=key).exists()
    post_confirmed(admin_client, {"key": key, "type": "text"})
    assert acme.property_definitions.filter(key=key).exists()


@pytest.mark.parametrize("key", ["plan", "signup-source", "größe", "MRR_2024", "名前"])
def test_a_usual_key_is_taken_at_once(admin_client: Client, acme: Workspace, key: str) -> None:
    assert admin_client.post(URL, {"key": key, "type": "text"}).status_code == 302


def test_what_was_confirmed_of_one_key_does_not_hold_for_another(
    admin_client: Client, acme: Workspace
) -> None:
    token = admin_client.post(URL, {"key": "a b", "type": "text"}).context["form"].confirmation
    assert admin_client.post(URL, {"key": "a c", "type": "text", "confirmed": token}).status_code == 422


def post_confirmed(client: Client, given: dict[str, str]) -> None:
    token = client.post(URL, given).context["form"].confirmation
    assert client.post(URL, given | {"confirmed": token}).status_code == 302


def test_keys_may_have_any_script_and_sign(admin_client: Client, acme: Workspace) -> None:
    for key in ("a/b", "a.b", "'\"<b>", "😀", "2024", "%s", "{}"):
        post_confirmed(admin_client, {"key": key, "type": "text"})
        acme.refresh_from_db()
        assert f"custom.{key}" in schema_of(acme).fields
    assert admin_client.get("/w/acme/properties/").status_code == 200


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
fields = ("label", "description", "min_length", "max_length", "minimum", "maximum", "pattern", "choices")
forms = st.fixed_dictionaries(
    {"key": texts, "type": st.sampled_from(PropertyType.values) | texts},
    optional={
        name: texts | st.sampled_from(["1", "-1", "1e400", "9" * 40, "(a+)+", "x" * 600]) for name in fields
    }
    | {name: st.just("on") for name in ("required", "starred", "indexed")},
)


@given(form=forms)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_posted_is_taken_or_explained(
    admin_client: Client, acme: Workspace, form: dict[str, str]
) -> None:
    answer = admin_client.post(URL, form)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert "data-error-summary" in answer.text or "is an unusual key" in answer.text
    acme.refresh_from_db()
    schema_of(acme).validate_many([{"email": "a@b.example"}])
