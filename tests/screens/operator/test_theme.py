import pytest
from django.test import Client

from profiles.models import Operator

URL = "/operator/theme/"


def test_it_changes_the_theme_and_goes_back(viewer_client: Client, viewer: Operator) -> None:
    answer = viewer_client.post(URL, {"theme": "dark", "next": "/operator/preferences/?a=b"})
    assert answer["Location"] == "/operator/preferences/?a=b"
    viewer.refresh_from_db()
    assert viewer.theme == "dark"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_never_leads_elsewhere(viewer_client: Client, elsewhere: str) -> None:
    assert viewer_client.post(URL, {"theme": "dark", "next": elsewhere})["Location"] == "/"


def test_an_unknown_theme_changes_nothing(viewer_client: Client, viewer: Operator) -> None:
    assert viewer_client.post(URL, {"theme": "pink"}).status_code == 302
    viewer.refresh_from_db()
    assert viewer.theme == "auto"


def test_it_is_posted_only(viewer_client: Client) -> None:
    assert viewer_client.get(URL).status_code == 405


def test_without_a_login_it_leads_to_the_sign_in(client: Client) -> None:
    assert client.post(URL, {"theme": "dark"})["Location"].startswith("/sign-in/")
