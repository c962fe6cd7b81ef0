"""The rows of a page."""

import pytest
from django.test import Client

from profiles.models import Member, Profile, Workspace

LIST = "/w/acme/profiles/"
URL = f"{LIST}page-size/"


def test_the_size_is_kept_and_the_filter_stays(viewer_client: Client, alice: Profile) -> None:
    Member.objects.filter(operator__username="viewer").update(preferences={"other": 1})
    back = "country=GB&size=50&page=x&sort=name"
    answer = viewer_client.post(URL, {"size": "25", "back": back})
    assert answer["Location"] == f"{LIST}?country=GB&sort=name"
    assert Member.objects.get(operator__username="viewer").preferences == {"other": 1, "page_size": 25}
    assert viewer_client.get(LIST).context["state"].size == 25
    assert viewer_client.get(LIST, {"size": "100"}).context["state"].size == 100


def test_the_listing_offers_the_sizes_and_tells_where_to_come_back(
    viewer_client: Client, alice: Profile
) -> None:
    page = viewer_client.get(LIST, {"country": "GB"}).text
    assert '<form method="post" action="/w/acme/profiles/page-size/" id="page-size"' in page
    assert 'form="page-size" name="back" value="country=GB"' in page
    assert page.count('form="page-size" name="size"') == 3


@pytest.mark.parametrize("size", ["", "7", "25\0", "²5", "1000000"])
def test_another_size_is_not_kept(viewer_client: Client, acme: Workspace, size: str) -> None:
    assert viewer_client.post(URL, {"size": size})["Location"] == LIST
    assert Member.objects.get(operator__username="viewer").preferences == {}


def test_an_outsider_finds_nothing(outsider_client: Client, acme: Workspace) -> None:
    assert outsider_client.post(URL, {"size": "25"}).status_code == 404


def test_another_method_is_refused(viewer_client: Client, acme: Workspace) -> None:
    assert viewer_client.get(URL).status_code == 405
