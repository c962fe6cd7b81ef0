"""hns-sunshine-api, a client of Zendesk Profiles from PyPI, works against the real server as it is.

It builds its addresses from a subdomain, `https://<subdomain>.zendesk.com/...`, so that the test leads what
goes to that host to ours; what it asks, how it signs in and what it makes of the answers is its own.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from hns_sunshine_api import Sunshine
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from profiles.models import Profile, Workspace
from tests.api.conftest import MakeKey

from .conftest import RIDER

HOST = "https://coolbikes.zendesk.com"


class Detour(HTTPAdapter):
    """Sends requests to another host: what a name server or a proxy does for who moves away from Zendesk."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = urlsplit(address)

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        assert request.url
        assert request.url.startswith(HOST)
        request.url = urlunsplit(urlsplit(request.url)._replace(scheme="http", netloc=self.address.netloc))
        return super().send(request, *args, **kwargs)


@pytest.fixture
def shine(live_api: str, acme: Workspace, make_key: MakeKey) -> Iterator[Sunshine]:
    with Sunshine("coolbikes", "devs@coolbikes.com", make_key()[1], global_timeout=60) as shine:
        shine.profiles()._session.mount(HOST, Detour(live_api))
        yield shine
        shine.profiles().close_session()


def test_it_does_all_it_can_with_profiles(shine: Sunshine) -> None:
    profiles = shine.profiles()
    assert profiles.profile_exists(RIDER) is None
    content = {"name": "Jane Doe", "attributes": {"favorite_color": "red", "saddle_height": "85cm"}}

    made = profiles.create_or_update(RIDER, {"profile": content})
    assert made.status_code == 201
    jane = made.json()["profile"]
    names = {"profile_id": jane["id"], "user_id": jane["user_id"]}
    assert profiles.profile_exists(RIDER) == names

    patched = profiles.partial_update(RIDER, {"profile": {"attributes": {"saddle_height": "87cm"}}})
    assert patched.json()["profile"]["attributes"] == {"favorite_color": "red", "saddle_height": "87cm"}
    patched = profiles.partial_update_by_id(jane["id"], {"profile": {"attributes": {"age": 30}}})
    assert patched.json()["profile"]["attributes"]["age"] == "30"

    whole = {"name": "Jane Roe", "identifiers": [{"type": "email", "value": "jdoe@example.com"}]}
    replaced = profiles.update_by_id(jane["id"], {"profile": whole})
    assert (replaced.status_code, replaced.json()["profile"]["attributes"]) == (200, {})

    for found in (profiles.get_by_identifier(RIDER), profiles.get_by_id(jane["id"])):
        assert found.json() == replaced.json()
    assert profiles.get_by_user_id(jane["user_id"]).json() == {"profiles": [replaced.json()["profile"]]}

    assert profiles.delete_profile(jane["id"]).status_code == 204
    assert profiles.delete_profile(jane["id"]).status_code == 404
    assert profiles.profile_exists(RIDER) is None
    assert not Profile.objects.exists()
