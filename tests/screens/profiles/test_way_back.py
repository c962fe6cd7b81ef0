"""From the listing to a person and back, with the filter by which they were found."""

from html import escape
from urllib.parse import quote

import pytest
from django.test import Client

from profiles.models import Profile

pytestmark = pytest.mark.django_db

FILTER = "q=alice&sort=distinct_id"
BACK = f"back={quote(FILTER)}"
LISTING = f'<a href="{escape(f"/w/acme/profiles/?{FILTER}")}">'
PAGES = ("", "history/", "history/?property=email", "delete/")


def url_of(profile: Profile, page: str = "") -> str:
    return f"/w/acme/profiles/{profile.pk}/{page}"


def with_back(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{BACK}"


def test_a_row_leads_to_the_person_with_the_way_back(editor_client: Client, alice: Profile) -> None:
    page = editor_client.get(f"/w/acme/profiles/?{FILTER}").content.decode()
    assert page.count(f'href="{with_back(url_of(alice))}"') == 2


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_person_leads_back_to_the_filter(
    editor_client: Client, alice: Profile, page: str
) -> None:
    assert LISTING in editor_client.get(with_back(url_of(alice, page))).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_without_a_filter_it_leads_to_all_profiles(editor_client: Client, alice: Profile, page: str) -> None:
    assert '<a href="/w/acme/profiles/">' in editor_client.get(url_of(alice, page)).content.decode()


def test_the_page_of_a_person_keeps_it_in_all_it_links_to_and_posts_to(
    admin_client: Client, alice: Profile
) -> None:
    page = admin_client.get(with_back(url_of(alice))).content.decode()
    for to in ("", "history/", "delete/", "update/", "tags/", "disable/", "properties/new/"):
        assert f'="{with_back(url_of(alice, to))}"' in page, to
        assert f'="{url_of(alice, to)}"' not in page, to
    assert escape(with_back(url_of(alice, "history/?property=email"))) in page


@pytest.mark.parametrize(
    ("to", "data"),
    [("tags/", {"add": "vip"}), ("disable/", {}), ("activate/", {}), ("update/", {"seen": "{}"})],
)
def test_a_change_keeps_the_way_back(
    editor_client: Client, alice: Profile, to: str, data: dict[str, str]
) -> None:
    answer = editor_client.post(with_back(url_of(alice, to)), data)
    assert answer["Location"] == with_back(url_of(alice))


def test_deleting_from_the_page_of_a_person_returns_to_the_filter(
    editor_client: Client, alice: Profile
) -> None:
    answer = editor_client.post(with_back(url_of(alice, "delete/")))
    assert answer["Location"] == f"/w/acme/profiles/?{FILTER}"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_an_address_is_no_way_back(editor_client: Client, alice: Profile, back: str) -> None:
    page = editor_client.get(url_of(alice), {"back": back}).content.decode()
    assert '<a href="/w/acme/profiles/?' in page
    assert f'href="{back}' not in page
