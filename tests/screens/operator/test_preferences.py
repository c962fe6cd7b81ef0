from django.test import Client

from profiles.models import Operator

URL = "/operator/preferences/"
CHOICE = {"first_name": "Ada", "last_name": "King", "timezone": "Asia/Tokyo", "theme": "dark"}


def test_it_shows_what_is_chosen(viewer_client: Client) -> None:
    answer = viewer_client.get(URL)
    assert answer.status_code == 200
    assert '<option value="UTC" selected>' in answer.content.decode()


def test_it_keeps_the_choice(viewer_client: Client, viewer: Operator) -> None:
    answer = viewer_client.post(URL, CHOICE, follow=True)
    viewer.refresh_from_db()
    assert (viewer.first_name, viewer.timezone, viewer.theme) == ("Ada", "Asia/Tokyo", "dark")
    page = answer.content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "Your preferences are saved." in page


def test_it_refuses_a_zone_that_does_not_exist_and_keeps_what_was_typed(
    viewer_client: Client, viewer: Operator
) -> None:
    answer = viewer_client.post(URL, CHOICE | {"timezone": "Mars/Olympus"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "One thing needs correcting" in page
    assert 'value="King"' in page
    viewer.refresh_from_db()
    assert viewer.timezone == "UTC"


def test_it_changes_nothing_but_preferences(viewer_client: Client, viewer: Operator) -> None:
    viewer_client.post(URL, CHOICE | {"is_superuser": "on", "username": "root"})
    viewer.refresh_from_db()
    assert not viewer.is_superuser
    assert viewer.username == "viewer"


def test_without_a_login_it_leads_to_the_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/sign-in/?next={URL}"


def test_it_rejects_other_methods(viewer_client: Client) -> None:
    assert viewer_client.delete(URL).status_code == 405
