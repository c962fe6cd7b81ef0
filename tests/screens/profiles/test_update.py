"""Editing a profile in place: only what was touched is written, and nothing is overwritten unseen."""

import pytest
from django.test import Client

from profiles.models import Environment, Operator, Profile, PropertyDefinition, Workspace
from profiles.queries.profile import values_of
from tests.browser_forms import form_of

from .updating import now, opened, posted

pytestmark = pytest.mark.django_db


def test_it_writes_what_was_touched_and_nothing_else(
    editor_client: Client, editor: Operator, alice: Profile
) -> None:
    answer = posted(editor_client, opened(editor_client, alice), city="Oxford")
    assert answer.status_code == 302
    assert now(alice).city == "Oxford"
    change = alice.changes.first()
    assert change is not None
    assert (change.old, change.new, change.actor, change.door) == (
        {},
        {"city": "Oxford"},
        "editor",
        "console",
    )


def test_an_untouched_form_writes_nothing(editor_client: Client, alice: Profile) -> None:
    answer = posted(editor_client, opened(editor_client, alice))
    assert answer.status_code == 302
    assert alice.changes.count() == 1
    assert now(alice).updated_at == alice.updated_at


def test_an_emptied_field_clears_the_value(editor_client: Client, alice: Profile) -> None:
    posted(editor_client, opened(editor_client, alice), country="")
    assert now(alice).country == ""
    assert alice.changes.first().old == {"country": "GB"}  # type: ignore[union-attr]


def test_spaces_around_the_same_value_are_no_change(editor_client: Client, alice: Profile) -> None:
    posted(editor_client, opened(editor_client, alice), email=" alice@example.com ")
    assert alice.changes.count() == 1


def test_a_wrong_value_is_said_beside_its_field_and_on_top_and_stays(
    editor_client: Client, alice: Profile
) -> None:
    answer = posted(editor_client, opened(editor_client, alice), email="nonsense", city="Oxford")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("E-mail must be an e-mail address") == 2
    again = form_of(page, "/update/")
    assert (again.fields["email"], again.fields["city"]) == ("nonsense", "Oxford")
    assert now(alice).city == ""
    posted(editor_client, again, email="a@example.com")
    assert (now(alice).email, now(alice).city) == ("a@example.com", "Oxford")


def test_a_required_property_cannot_be_cleared(
    editor_client: Client, acme: Workspace, alice: Profile
) -> None:
    PropertyDefinition.objects.filter(workspace=acme, key="country").update(required=True)
    acme.schema_has_changed()
    answer = posted(editor_client, opened(editor_client, alice), country="")
    assert answer.status_code == 422
    assert "Country is required." in answer.content.decode()


def test_the_last_starred_property_cannot_be_cleared(
    editor_client: Client, acme: Workspace, alice: Profile
) -> None:
    PropertyDefinition.objects.filter(workspace=acme, key="distinct_id").update(starred=False)
    acme.schema_has_changed()
    form = opened(editor_client, alice)
    assert posted(editor_client, form, email="").status_code == 302
    answer = posted(editor_client, opened(editor_client, alice), phone="")
    assert answer.status_code == 422
    assert "At least one of E-mail, Phone is needed." in answer.content.decode()


@pytest.mark.parametrize(
    "key", ["distinct_id", "environment", "workspace", "workspace_id", "id", "status", "created_at"]
)
def test_what_never_changes_is_ignored_when_posted(editor_client: Client, alice: Profile, key: str) -> None:
    before = Profile.objects.filter(pk=alice.pk).values().get()
    form = opened(editor_client, alice)
    assert posted(editor_client, form, **{key: "test"}).status_code == 302
    form.fields["seen"] = f'{{"{key}": null}}'
    for path in [
        path for path in form.fields if path not in ("seen", "zone", "last_change", "csrfmiddlewaretoken")
    ]:
        del form.fields[path]
    posted(editor_client, form, **{key: "test"})
    assert Profile.objects.filter(pk=alice.pk).values().get() == before
    assert Profile.objects.filter(environment=Environment.TEST).count() == 0


def test_a_star_is_shown_only_where_it_can_matter(
    editor_client: Client, acme: Workspace, alice: Profile
) -> None:
    url = f"/w/acme/profiles/{alice.pk}/"
    assert 'class="required"' not in editor_client.get(url).content.decode()
    PropertyDefinition.objects.filter(workspace=acme, key="distinct_id").update(starred=False)
    acme.schema_has_changed()
    page = editor_client.get(url).content.decode()
    assert "At least one of E-mail, Phone is needed." in page
    assert 'class="required"' in page


def test_a_profile_that_never_was(editor_client: Client, acme: Workspace) -> None:
    missing = "/w/acme/profiles/00000000-0000-8000-8000-000000000000/update/"
    assert editor_client.post(missing, {"city": "Oxford"}).status_code == 404


def test_a_damaged_form_is_refused(editor_client: Client, alice: Profile) -> None:
    form = opened(editor_client, alice)
    for seen in ("", "[]", "{", "9" * 5_000, "[" * 100_000):
        form.fields["seen"] = seen
        assert posted(editor_client, form, city="Oxford").status_code == 422
    assert now(alice).city == ""


def test_it_refuses_a_viewer(viewer_client: Client, alice: Profile) -> None:
    assert viewer_client.post(f"/w/acme/profiles/{alice.pk}/update/", {"city": "x"}).status_code == 403


def test_it_is_not_found_in_another_workspace(
    outsider_client: Client, alice: Profile, globex: Workspace
) -> None:
    for slug in ("acme", "globex"):
        answer = outsider_client.post(f"/w/{slug}/profiles/{alice.pk}/update/", {"city": "x", "seen": "{}"})
        assert answer.status_code == 404
    assert values_of(now(alice)) == values_of(alice)


def test_without_a_login_one_is_sent_to_sign_in(client: Client, alice: Profile) -> None:
    assert client.post(f"/w/acme/profiles/{alice.pk}/update/")["Location"].startswith("/sign-in/")


def test_it_is_posted_only(editor_client: Client, alice: Profile) -> None:
    assert editor_client.get(f"/w/acme/profiles/{alice.pk}/update/").status_code == 405


def test_a_foreign_page_cannot_post(editor: Operator, alice: Profile) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(f"/w/acme/profiles/{alice.pk}/update/", {"city": "x"}).status_code == 403
