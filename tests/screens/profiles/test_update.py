"""Editing a profile in place: only what was touched is written, and nothing is overwritten unseen."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import Environment, Operator, Profile, PropertyDefinition, Workspace
from profiles.operations.erase import erase_profiles
from profiles.operations.profiles import update_profile
from profiles.queries.profile import values_of
from tests.browser_forms import PostedForm, form_of

pytestmark = pytest.mark.django_db


def opened(client: Client, profile: Profile) -> PostedForm:
    page = client.get(f"/w/{profile.workspace.slug}/profiles/{profile.pk}/")
    return form_of(page.content.decode(), "/update/")


def posted(client: Client, form: PostedForm, **typed: str) -> Any:
    """Post the form with some fields changed; `__` in a keyword stands for the dot of a path."""
    changed = {key.replace("__", ".", 1): text for key, text in typed.items()}
    return client.post(form.action, form.fields | changed)


def now(profile: Profile) -> Profile:
    return Profile.objects.get(pk=profile.pk)


def define(workspace: Workspace, key: str, type: str, **rules: Any) -> None:
    PropertyDefinition.objects.create(workspace=workspace, key=key, label=key.title(), type=type, **rules)
    workspace.schema_has_changed()


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


# Two operators at once.


def test_somebody_else_changed_the_same_field(
    editor_client: Client, admin_client: Client, alice: Profile
) -> None:
    mine, theirs = opened(editor_client, alice), opened(admin_client, alice)
    posted(admin_client, theirs, city="Berlin")
    answer = posted(editor_client, mine, city="Oxford", title="Dr")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert (now(alice).city, now(alice).title) == ("Berlin", "")
    assert "admin changed this" in page
    assert "Nothing is saved yet" in page
    assert "Berlin" in page
    again = form_of(page, "/update/")
    assert (again.fields["city"], again.fields["title"]) == ("Oxford", "Dr")


def conflicting(editor_client: Client, admin: Operator, alice: Profile) -> PostedForm:
    mine = opened(editor_client, alice)
    update_profile(alice, values={"city": "Berlin"}, actor=admin)
    answer = posted(editor_client, mine, city="Oxford", title="Dr")
    return form_of(answer.content.decode(), "/update/")


def test_a_conflict_without_a_choice_is_asked_again(
    editor_client: Client, admin: Operator, alice: Profile
) -> None:
    answer = posted(editor_client, conflicting(editor_client, admin, alice))
    assert answer.status_code == 422
    assert "Choose which value to keep." in answer.content.decode()
    assert 'value="theirs"' in answer.content.decode()
    assert now(alice).city == "Berlin"


def test_keeping_theirs(editor_client: Client, admin: Operator, alice: Profile) -> None:
    posted(editor_client, conflicting(editor_client, admin, alice), choice__city="theirs")
    assert (now(alice).city, now(alice).title) == ("Berlin", "Dr")


def test_using_mine(editor_client: Client, admin: Operator, alice: Profile) -> None:
    posted(editor_client, conflicting(editor_client, admin, alice), choice__city="mine")
    assert (now(alice).city, now(alice).title) == ("Oxford", "Dr")
    assert alice.changes.first().old == {"city": "Berlin"}  # type: ignore[union-attr]


@pytest.mark.parametrize("choice", ["theirs", "mine"])
def test_what_was_decided_is_not_told_again(
    editor_client: Client, admin: Operator, alice: Profile, choice: str
) -> None:
    form = conflicting(editor_client, admin, alice)
    update_profile(alice, values={"country": "FR"}, actor=admin)
    answer = editor_client.post(form.action, form.fields | {"choice.city": choice}, follow=True)
    assert "Since you opened this page, admin changed Country." in answer.content.decode()


def test_what_changed_once_more_after_the_choice_was_shown_is_told(
    editor_client: Client, admin: Operator, alice: Profile
) -> None:
    form = conflicting(editor_client, admin, alice)
    update_profile(alice, values={"city": "Rome"}, actor=admin)
    answer = editor_client.post(form.action, form.fields | {"choice.city": "theirs"}, follow=True)
    assert "Since you opened this page, admin changed City." in answer.content.decode()


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


def test_editing_after_a_conflict(editor_client: Client, admin: Operator, alice: Profile) -> None:
    posted(
        editor_client, conflicting(editor_client, admin, alice), choice__city="mine", city="Oxford and Berlin"
    )
    assert now(alice).city == "Oxford and Berlin"


def test_a_conflict_on_top_of_a_conflict_is_shown_too(
    editor_client: Client, admin: Operator, alice: Profile
) -> None:
    form = conflicting(editor_client, admin, alice)
    update_profile(alice, values={"city": "Rome"}, actor=admin)
    answer = posted(editor_client, form, choice__city="mine")
    assert answer.status_code == 409
    assert "Rome" in answer.content.decode()
    assert now(alice).city == "Rome"


def test_two_who_want_the_same_do_not_collide(editor_client: Client, admin: Operator, alice: Profile) -> None:
    form = opened(editor_client, alice)
    update_profile(alice, values={"city": "Oxford"}, actor=admin)
    assert posted(editor_client, form, city="Oxford", title="Dr").status_code == 302
    assert now(alice).title == "Dr"


def test_a_change_of_another_field_is_told_and_kept(
    editor_client: Client, admin: Operator, alice: Profile
) -> None:
    form = opened(editor_client, alice)
    update_profile(alice, values={"city": "Berlin", "title": "Dr"}, actor=admin)
    answer = editor_client.post(form.action, form.fields | {"first_name": "Alicia"}, follow=True)
    assert "Since you opened this page, admin changed City and Title." in answer.content.decode()
    assert (now(alice).city, now(alice).first_name) == ("Berlin", "Alicia")


def test_what_one_did_oneself_in_another_window_is_told_too(
    editor_client: Client, editor: Operator, alice: Profile
) -> None:
    form = opened(editor_client, alice)
    update_profile(alice, values={"city": "Berlin"}, actor=editor)
    answer = editor_client.post(form.action, form.fields | {"title": "Dr"}, follow=True)
    assert "Since you opened this page, you changed City." in answer.content.decode()


def test_a_form_with_errors_comes_back_with_what_others_changed(
    editor_client: Client, admin: Operator, alice: Profile
) -> None:
    form = opened(editor_client, alice)
    update_profile(alice, values={"city": "Berlin"}, actor=admin)
    page = posted(editor_client, form, email="nonsense").content.decode()
    assert "Since you opened this page, admin changed City." in page
    assert form_of(page, "/update/").fields["city"] == "Berlin"


# Things that vanish.


def test_a_property_that_was_archived_meanwhile(
    editor_client: Client, acme: Workspace, alice: Profile
) -> None:
    form = opened(editor_client, alice)
    PropertyDefinition.objects.filter(workspace=acme, key="city").update(archived_at=alice.created_at)
    acme.schema_has_changed()
    answer = posted(editor_client, form, city="Oxford", title="Dr")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "City is archived and takes no values; “Oxford” was given." in page
    assert posted(editor_client, form_of(page, "/update/")).status_code == 302
    assert now(alice).title == "Dr"


def test_an_untouched_property_that_was_archived_is_no_matter(
    editor_client: Client, acme: Workspace, alice: Profile
) -> None:
    define(acme, "colours", "text_list")
    update_profile(alice, values={"custom.colours": ["red", "blue"]}, actor=None)  # type: ignore[arg-type]
    form = opened(editor_client, alice)
    PropertyDefinition.objects.filter(workspace=acme, key="colours").update(archived_at=alice.created_at)
    acme.schema_has_changed()
    assert posted(editor_client, form, title="Dr").status_code == 302


def test_a_profile_that_was_deleted_meanwhile(
    editor_client: Client, admin: Operator, acme: Workspace, alice: Profile
) -> None:
    form = opened(editor_client, alice)
    erase_profiles(acme, [alice.pk], source="console", actor=admin, reason="asked for it")
    answer = posted(editor_client, form, city="Oxford")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "admin deleted it" in page
    assert "asked for it" in page
    assert "Oxford" in page
    form = form_of(page, "/new/")
    prefilled = editor_client.post(form.action, form.fields | {"prefill": "1"}).content.decode()
    assert form_of(prefilled, "/new/").fields["city"] == "Oxford"
    assert not Profile.objects.exists()


def test_a_profile_that_never_was(editor_client: Client, acme: Workspace) -> None:
    missing = "/w/acme/profiles/00000000-0000-8000-8000-000000000000/update/"
    assert editor_client.post(missing, {"city": "Oxford"}).status_code == 404


def test_a_damaged_form_is_refused(editor_client: Client, alice: Profile) -> None:
    form = opened(editor_client, alice)
    for seen in ("", "[]", "{", "9" * 5_000, "[" * 100_000):
        form.fields["seen"] = seen
        assert posted(editor_client, form, city="Oxford").status_code == 422
    assert now(alice).city == ""


# Who may.


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
