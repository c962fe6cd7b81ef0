"""Deleting one profile: asked first, with "Yes, delete"."""

from collections.abc import Callable

import pytest
from django.test import Client

from profiles.models import DeletionReceipt, Operator, Profile, ProfileChange, Workspace

pytestmark = pytest.mark.django_db


def url_of(profile: Profile) -> str:
    return f"/w/acme/profiles/{profile.pk}/delete/"


def test_it_asks_and_says_what_goes(editor_client: Client, alice: Profile) -> None:
    page = editor_client.get(url_of(alice)).content.decode()
    assert "Yes, delete" in page
    assert "cannot be recovered" in page
    assert "1 change of its history" in page
    assert Profile.objects.exists()


def test_as_a_dialog_it_is_the_form_alone(editor_client: Client, alice: Profile) -> None:
    page = editor_client.get(url_of(alice), headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<form id="confirm"')


def test_it_erases_with_a_receipt(
    editor_client: Client, alice: Profile, make_profile: Callable[..., Profile]
) -> None:
    bob = make_profile("bob")
    answer = editor_client.post(url_of(alice), {"reason": "asked for it"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/w/acme/profiles/"
    assert list(Profile.objects.all()) == [bob]
    assert not ProfileChange.objects.filter(profile_id=alice.pk).exists()
    receipt = DeletionReceipt.objects.get()
    assert (receipt.count, receipt.reason, receipt.actor, receipt.door) == (
        1,
        "asked for it",
        "editor",
        "console",
    )
    assert f'href="/w/acme/receipts/{receipt.pk}/"' in answer.text


def test_its_distinct_id_can_be_refused_from_now_on(editor_client: Client, alice: Profile) -> None:
    editor_client.post(url_of(alice), {"deny": "on"})
    assert DeletionReceipt.objects.get().is_denied
    again = editor_client.post("/w/acme/profiles/new/", {"distinct_id": "alice", "environment": "live"})
    assert again.status_code == 409
    assert "“alice” was deleted for good, and its distinct ID is refused since." in again.text
    assert not Profile.objects.exists()


def test_a_second_click_finds_nothing(editor_client: Client, alice: Profile) -> None:
    editor_client.post(url_of(alice))
    assert editor_client.post(url_of(alice)).status_code == 404
    assert DeletionReceipt.objects.count() == 1


@pytest.mark.parametrize("reason", ["x" * 501, "nul\0"])
def test_an_impossible_reason_is_said_and_nothing_erased(
    editor_client: Client, alice: Profile, reason: str
) -> None:
    answer = editor_client.post(url_of(alice), {"reason": reason})
    assert answer.status_code == 422
    assert "The reason may" in answer.content.decode()
    assert Profile.objects.exists()


def test_it_refuses_a_viewer(viewer_client: Client, alice: Profile) -> None:
    assert viewer_client.get(url_of(alice)).status_code == 403
    assert viewer_client.post(url_of(alice)).status_code == 403
    assert Profile.objects.exists()


def test_an_admin_may(admin_client: Client, alice: Profile) -> None:
    assert admin_client.post(url_of(alice)).status_code == 302
    assert not Profile.objects.exists()


def test_it_is_not_found_in_another_workspace(
    outsider_client: Client, alice: Profile, globex: Workspace
) -> None:
    assert outsider_client.post(url_of(alice)).status_code == 404
    assert outsider_client.post(f"/w/globex/profiles/{alice.pk}/delete/").status_code == 404
    assert Profile.objects.exists()


def test_without_a_login_one_is_sent_to_sign_in(client: Client, alice: Profile) -> None:
    assert client.post(url_of(alice))["Location"].startswith("/sign-in/")


def test_it_rejects_the_wrong_method(editor_client: Client, alice: Profile) -> None:
    assert editor_client.delete(url_of(alice)).status_code == 405


def test_a_foreign_page_cannot_post(editor: Operator, alice: Profile) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(url_of(alice)).status_code == 403


def test_a_long_way_back_is_left_out_and_does_not_turn_the_deed_into_an_error(
    editor_client: Client, alice: Profile
) -> None:
    back = "q=" + "x" * 30_000
    answer = editor_client.post(f"/w/acme/profiles/{alice.pk}/delete/", {"back": back})
    assert (answer.status_code, answer["Location"]) == (302, "/w/acme/profiles/")
    assert not Profile.objects.exists()


def test_a_way_back_of_too_many_parameters_is_refused_before_the_deed(
    editor_client: Client, alice: Profile
) -> None:
    back = "&".join(f"x{n}=1" for n in range(6_000))
    assert editor_client.post(f"/w/acme/profiles/{alice.pk}/delete/", {"back": back}).status_code == 400
    assert Profile.objects.exists()
