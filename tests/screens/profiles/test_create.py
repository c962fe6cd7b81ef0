"""The page "Create profile"."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Operator, Profile, PropertyDefinition, Workspace
from tests.browser_forms import form_of

pytestmark = pytest.mark.django_db

URL = "/w/acme/profiles/new/"


def test_it_creates_a_profile(editor_client: Client, acme: Workspace) -> None:
    form = form_of(editor_client.get(URL).content.decode(), "/new/")
    assert form.fields["environment"] == "live"
    given = {
        "distinct_id": "bob",
        "email": "bob@example.com",
        "tags": "vip; new york, ny\r\nbeta",
        "status": "disabled",
    }
    answer = editor_client.post(URL, form.fields | given)
    bob = Profile.objects.get()
    assert answer["Location"] == f"/w/acme/profiles/{bob.pk}/"
    assert (bob.distinct_id, bob.email, bob.tags, bob.status) == (
        "bob",
        "bob@example.com",
        ["vip", "new york, ny", "beta"],
        "disabled",
    )
    assert (bob.environment, bob.sources, bob.changes.get().actor) == ("live", ["console"], "editor")


def test_create_and_add_another_comes_back_empty(editor_client: Client, acme: Workspace) -> None:
    answer = editor_client.post(
        URL, {"distinct_id": "bob", "environment": "live", "another": ""}, follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == URL
    assert f"/w/acme/profiles/{Profile.objects.get().pk}/" in page
    assert form_of(page, "/new/").fields["distinct_id"] == ""


def test_a_test_profile_is_one_for_good(editor_client: Client, acme: Workspace) -> None:
    editor_client.post(URL, {"distinct_id": "bob", "environment": "test"})
    assert Profile.objects.get().environment == "test"
    assert "can never be changed" in editor_client.get(URL).content.decode()


def test_live_or_test_has_to_be_chosen(editor_client: Client, acme: Workspace) -> None:
    for environment in ({}, {"environment": "prod"}):
        answer = editor_client.post(URL, {"distinct_id": "bob"} | environment)
        assert answer.status_code == 422
        assert "Choose live or test." in answer.content.decode()


def test_without_a_distinct_id_one_is_made(editor_client: Client, acme: Workspace) -> None:
    editor_client.post(URL, {"environment": "live", "email": "bob@example.com"})
    assert len(Profile.objects.get().distinct_id) == 36


def test_a_second_click_creates_nobody_more(editor_client: Client, acme: Workspace) -> None:
    form = form_of(editor_client.get(URL).content.decode(), "/new/")
    for status in (302, 409):
        answer = editor_client.post(URL, form.fields | {"email": "bob@example.com"})
        assert answer.status_code == status
    assert Profile.objects.count() == 1


def test_it_says_what_becomes_of_the_distinct_id(editor_client: Client, acme: Workspace) -> None:
    assert "Empty: one is made. It can never be changed." in editor_client.get(URL).content.decode()


def test_one_of_the_starred_is_needed(editor_client: Client, acme: Workspace) -> None:
    answer = editor_client.post(URL, {"environment": "live", "city": "Oxford"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("At least one of Distinct ID, E-mail, Phone is needed.") == 3
    assert form_of(page, "/new/").fields["city"] == "Oxford"


def test_the_required_ones_are_asked_for(editor_client: Client, acme: Workspace) -> None:
    PropertyDefinition.objects.filter(workspace=acme, key="country").update(required=True)
    acme.schema_has_changed()
    answer = editor_client.post(URL, {"environment": "live", "distinct_id": "bob"})
    assert answer.status_code == 422
    assert "Country is required." in answer.content.decode()


def test_errors_stand_on_top_and_beside_and_what_was_typed_survives(
    editor_client: Client, acme: Workspace
) -> None:
    typed = {
        "environment": "test",
        "email": "nonsense",
        "phone": "12",
        "city": " Oxford ",
        "tags": "a;b",
        "status": "disabled",
    }
    answer = editor_client.post(URL, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 things need correcting" in page
    assert page.count("E-mail must be") == page.count("Phone must be") == 2
    assert "E-mail: E-mail" not in page
    assert form_of(page, "/new/").fields.items() >= typed.items()


def test_a_distinct_id_that_is_taken_is_said_with_a_link(editor_client: Client, alice: Profile) -> None:
    answer = editor_client.post(URL, {"distinct_id": " alice ", "environment": "live", "city": "Oxford"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'<a href="/w/acme/profiles/{alice.pk}/">Alice Liddell</a>' in page
    assert form_of(page, "/new/").fields["city"] == "Oxford"
    assert alice.changes.count() == 1


def test_what_was_typed_is_escaped_in_messages(editor_client: Client, acme: Workspace) -> None:
    typed = dict.fromkeys(
        ("distinct_id", "name", "email", "country", "tags", "status", "environment"), "<script>"
    )
    page = editor_client.post(URL, typed).content.decode()
    assert "E-mail must be" in page
    assert "<script>" not in page
    bad = {"distinct_id": "<script>", "environment": "live", "name": "<script>", "another": ""}
    editor_client.post(URL, bad)
    assert "<script>" not in editor_client.get(URL).content.decode()
    assert "<script>" not in editor_client.post(URL, bad).content.decode()


def test_the_same_distinct_id_may_exist_as_live_and_as_test(editor_client: Client, alice: Profile) -> None:
    editor_client.post(URL, {"distinct_id": "alice", "environment": "test"})
    assert Profile.objects.count() == 2


def test_a_posted_workspace_is_ignored(editor_client: Client, acme: Workspace, globex: Workspace) -> None:
    editor_client.post(
        URL,
        {
            "distinct_id": "bob",
            "environment": "live",
            "workspace": globex.pk,
            "workspace_id": globex.pk,
            "id": "x",
        },
    )
    assert Profile.objects.get().workspace == acme


@pytest.mark.parametrize(
    "distinct_id",
    [
        "a b",
        "a/b/../c",
        "\"quotes\" & 'more'",
        "👩‍👩‍👧",
        "שלום",
        "раypal",
        "x" * 1024,
        "<script>",
        "%00",
        "..",
        "?a=b#c",
    ],
)
def test_odd_distinct_ids_are_kept_and_found(
    editor_client: Client, acme: Workspace, distinct_id: str
) -> None:
    answer = editor_client.post(URL, {"distinct_id": distinct_id, "environment": "live"}, follow=True)
    profile = Profile.objects.get()
    assert answer.status_code == 200
    assert profile.distinct_id == distinct_id
    found = editor_client.get("/w/acme/profiles/by-id/", {"distinct_id": distinct_id})
    assert found["Location"] == f"/w/acme/profiles/{profile.pk}/"


@pytest.mark.parametrize("distinct_id", ["x" * 1025, "nul\0", "line\nend", "bell\x07"])
def test_impossible_distinct_ids_are_refused(
    editor_client: Client, acme: Workspace, distinct_id: str
) -> None:
    answer = editor_client.post(URL, {"distinct_id": distinct_id, "environment": "live"})
    assert answer.status_code == 422
    assert "Distinct ID may" in answer.content.decode()
    assert not Profile.objects.exists()


def test_look_alikes_are_two_people(editor_client: Client, acme: Workspace) -> None:
    for distinct_id in ("paypal", "pаypal"):
        editor_client.post(URL, {"distinct_id": distinct_id, "environment": "live"})
    assert Profile.objects.count() == 2


def test_too_much_is_refused_in_words(editor_client: Client, acme: Workspace) -> None:
    answer = editor_client.post(URL, {"distinct_id": "bob", "environment": "live", "city": "x" * 11_000_000})
    assert answer.status_code == 400
    answer = editor_client.post(URL, {f"field{number}": "" for number in range(6_000)})
    assert answer.status_code == 400
    answer = editor_client.post(URL, {"distinct_id": "bob", "environment": "live", "city": "x" * 9_000_000})
    assert answer.status_code == 422
    assert not Profile.objects.exists()


def test_tags_have_their_rules(editor_client: Client, acme: Workspace) -> None:
    for tags in ("x" * 65, ";".join(map(str, range(101))), "nul\0"):
        answer = editor_client.post(URL, {"distinct_id": "bob", "environment": "live", "tags": tags})
        assert answer.status_code == 422
        assert "Tags" in answer.content.decode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "distinct_id",
                "environment",
                "status",
                "tags",
                "email",
                "phone",
                "birthday",
                "channel.push",
                "custom.x",
                "create",
                "another",
                "prefill",
            ]
        ),
        st.text(max_size=80) | st.sampled_from(["live", "test", "bob", "2026-01-31", "[{}]", '{"token": 1}']),
    )
)
def test_whatever_is_posted_is_answered(
    editor_client: Client, acme: Workspace, typed: dict[str, str]
) -> None:
    assert editor_client.post(URL, typed).status_code in (200, 302, 409, 422)


# Who may.


def test_it_refuses_a_viewer(viewer_client: Client) -> None:
    assert viewer_client.get(URL).status_code == 403
    assert viewer_client.post(URL, {"distinct_id": "bob", "environment": "live"}).status_code == 403


def test_it_is_not_found_in_another_workspace(outsider_client: Client, acme: Workspace) -> None:
    assert outsider_client.get(URL).status_code == 404
    assert outsider_client.post(URL, {"distinct_id": "bob", "environment": "live"}).status_code == 404


def test_without_a_login_one_is_sent_to_sign_in(client: Client, acme: Workspace) -> None:
    assert client.get(URL)["Location"].startswith("/sign-in/")


def test_it_rejects_the_wrong_method(editor_client: Client) -> None:
    assert editor_client.put(URL).status_code == 405


def test_a_foreign_page_cannot_post(editor: Operator) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(URL, {"distinct_id": "bob", "environment": "live"}).status_code == 403


def test_it_stays_within_its_query_count(
    editor_client: Client, acme: Workspace, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(6):
        editor_client.get(URL)
