"""Whatever is sent is answered in Zendesk's shape, never with a 500, and what is refused writes nothing."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Identifier, Profile, PropertyDefinition, SourceType
from tests.api.conftest import MakeKey

from .conftest import RIDER, basic

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(st.characters() | st.sampled_from("\0\ud800:%+ \n"), max_size=80)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda within: (
        st.lists(within, max_size=25)
        | st.dictionaries(st.sampled_from(["type", "value", "a", "", "\0", "ü" * 130]), within, max_size=4)
    ),
    max_leaves=40,
)
IDENTIFIER = st.fixed_dictionaries(
    {"type": st.sampled_from(["email", "sdk", "external_id"]) | ANYTHING},
    optional={"value": st.sampled_from(["jdoe@example.com", "7"]) | ANYTHING},
)
PROFILE = st.fixed_dictionaries(
    {},
    optional={
        "name": ANYTHING,
        "source": st.just("coolbikes") | ANYTHING,
        "type": st.just("rider") | ANYTHING,
        "user_id": ANYTHING,
        "identifiers": st.lists(IDENTIFIER, max_size=22) | ANYTHING,
        "attributes": st.dictionaries(st.text(max_size=4), ANYTHING, max_size=4) | ANYTHING,
    },
)
BODY = st.fixed_dictionaries({"profile": PROFILE}) | st.just({"profile": {}}) | ANYTHING
TEXT = st.text(max_size=30)
QUERY = st.sampled_from([RIDER, "acme:user:external_id:7", "acme:user:phone_number:1"]) | TEXT
PATH = st.sampled_from(["user_profiles", "users/7/profiles"]) | st.builds(
    lambda pattern, text: pattern.format(quote(text, safe="")),
    st.sampled_from(["user_profiles/{}", "users/{}/profiles"]),
    TEXT.filter(lambda text: text not in (".", "..")),
)
RAW = st.binary(max_size=60) | BODY.map(lambda body: json.dumps(body).encode()) | st.builds(
    lambda body, cut: json.dumps(body).encode()[:cut], BODY, st.integers(0, 80)
)  # fmt: skip


@pytest.fixture
def secret(make_key: MakeKey) -> str:
    return make_key()[1]


def counts() -> list[int]:
    return [model.objects.count() for model in (Profile, Identifier, PropertyDefinition, SourceType)]


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(["GET", "PUT", "PUT", "PATCH", "DELETE", "POST", "HEAD"]), PATH, QUERY, RAW)
def test_whatever_is_sent(api: Client, secret: str, method: str, path: str, query: str, raw: bytes) -> None:
    address = f"/api/v2/{path}?identifier={quote(query.encode(errors='surrogatepass'), safe='')}"
    before = counts()
    answer: Any = api.generic(
        method, address, raw, content_type="application/json", headers={"Authorization": basic(secret)}
    )
    assert answer.status_code in (200, 201, 204, 400, 404, 405)
    if answer.status_code >= 400:
        assert counts() == before
    if answer.status_code != 204 and method != "HEAD":
        body = json.loads(answer.content)
        assert body.keys() in ({"profile"}, {"profiles"}, {"errors"}, {"error"})
        assert ("errors" in body or "error" in body) == (answer.status_code >= 400)
