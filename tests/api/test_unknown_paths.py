"""What is no path of any protocol is refused by the one next to it: neither a page nor a redirect."""

import json

import pytest
from django.test import Client

OWN, CLEVERTAP, ZENDESK, FYNO = "own", "clevertap", "zendesk", "fyno"
MEMBERS = {
    OWN: {"type", "title", "status", "detail", "instance"},
    CLEVERTAP: {"status", "error", "code"},
    ZENDESK: {"errors"},
    FYNO: {"status", "_message"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "protocol"),
    [
        *((path, OWN) for path in ("/api", "/api/v1", "/api/v1/nothing", "/api/v3", "/api/v3/x", "/api//v1")),
        *((path, CLEVERTAP) for path in ("/1", "/1/nothing")),
        *((path, ZENDESK) for path in ("/api/v2", "/api/v2/tickets", "/api/v2/users/1")),
        *((path, FYNO) for path in ("/v1", "/v1/acme", "/v1/acme/live", "/v1/no such/live/x", "/v1//live/x")),
    ],
)
def test_it_answers_in_the_shape_of_the_nearest(api: Client, method: str, path: str, protocol: str) -> None:
    for each in (path, f"{path}/"):
        answer = api.generic(method, each)
        assert answer.status_code == 404, each
        assert json.loads(answer.content).keys() == MEMBERS[protocol], each
        assert answer["X-Request-Id"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/apiary", "/10", "/v10/x", "/v2/x"])
def test_what_is_near_none_is_a_page_for_people(api: Client, path: str) -> None:
    assert api.get(path)["Content-Type"].startswith("text/html")
