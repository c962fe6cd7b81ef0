"""Editing a profile that others change meanwhile."""

import pytest
from django.test import Client

from profiles.models import Operator, Profile, PropertyDefinition, Workspace
from profiles.operations.erase import erase_profiles
from profiles.operations.profiles import update_profile
from tests.browser_forms import PostedForm, form_of

from .updating import define, now, opened, posted

pytestmark = pytest.mark.django_db


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
