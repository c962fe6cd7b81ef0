"""Whatever is sent to Fyno's paths is answered in Fyno's shape, and a refusal writes nothing."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Profile, ProfileChange, PropertyDefinition
from tests.api.conftest import MakeKey

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(
        ["", "U1", "x", "\0", "\ud800", "+919879123456", "2024-02-30", "a" * 12_000, 10**30, -0.0]
    ),
    st.text(max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        *("distinct_id", "name", "status", "timezone", "channel", "properties", "batch", "action", "sms"),
        *("email", "push", "inapp", "webpush", "token", "integration_id", "$set", "$once", "$add"),
        *("$append", "$remove", "$unset", "plan", "", "\0", "k" * 200),
    ]
)
BODIES = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
# Bodies that are nearly right: one part of one that works is something else.
RIGHT: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "profiles"): {"distinct_id": "U9", "name": "Asha", "status": 1, "timezone": "Asia/Kolkata",
                           "channel": {"sms": "+919879123456", "push": [{"token": "t", "status": 1}]},
                           "properties": {"plan": "pro"}},
    ("PUT", "profiles/U1"): {"name": "Asha", "channel": {"email": "a@example.com"}, "properties": {"n": 1}},
    ("PATCH", "profiles/U1/channel"): {"channel": {"slack": "C1", "push": [{"token": "t", "status": 1}]}},
    ("POST", "profiles/U1/channel/delete"): {"push": ["p1"]},
    ("POST", "profiles/delete"): {"distinct_id": ["U8"]},
    ("POST", "profiles/properties/set"): {"distinct_id": "U1", "$set": {"plan": "pro", "n": 1}},
    ("POST", "profiles/properties/set-once"): {"distinct_id": "U1", "$once": {"plan": "pro", "n": 1}},
    ("POST", "profiles/properties/numerical-add"): {"distinct_id": "U1", "$add": {"n": 1}},
    ("POST", "profiles/properties/list-append"): {"distinct_id": "U1", "$append": {"l": 1}},
    ("POST", "profiles/properties/list-remove"): {"distinct_id": "U1", "$remove": {"l": 1}},
    ("POST", "profiles/properties/unset"): {"distinct_id": "U1", "$unset": ["plan"]},
    ("POST", "profiles/properties/batch"): {
        "batch": [{"distinct_id": "U1", "action": {"$set": {"plan": 1}, "$unset": ["n"], "$add": {"n": 1}}}]
    },
    ("POST", "profiles/U1/merge/U7"): {},
    ("GET", "profiles/U1"): {},
}  # fmt: skip
ROUTES = sorted(RIGHT)


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a body where something may stand."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def put(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = body.copy()
    copy[path[0]] = put(body[path[0]], path[1:], value)
    return copy


NEARLY = st.sampled_from(ROUTES).flatmap(
    lambda route: st.tuples(
        st.just(route), st.builds(put, st.just(RIGHT[route]), st.sampled_from(places(RIGHT[route])), VALUES)
    )
)
ANY = st.tuples(st.sampled_from(ROUTES), BODIES)
RAW = [
    *(b"", b" ", b"{", b"null", b"NaN", b'{"distinct_id": NaN}', b'"\\ud800"', b"\xff\xfe", b'{"a":"\xff"}'),
    *(b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"distinct_id":"U8","distinct_id":["U8"]}'),
    *(b'{"distinct_id":' + b"9" * 5_000 + b"}", b"\x1f\x8b broken", gzip.compress(b"[]")[:-3]),
]


def facts() -> tuple[object, ...]:
    """What a refused request must leave as it is."""
    return (
        list(Profile.objects.order_by("pk").values_list("pk", "updated_at", "custom", "channels")),
        ProfileChange.objects.count(),
        PropertyDefinition.objects.count(),
    )


class Sender:
    def __init__(self, api: Client, secret: str) -> None:
        self.api = api
        self.secret = secret

    def send(self, route: tuple[str, str], body: bytes, **headers: str) -> None:
        before = facts()
        answer = self.api.generic(
            route[0],
            f"/v1/acme/live/{route[1]}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )
        found = json.loads(answer.content)
        if answer.status_code < 300:
            return
        assert 400 <= answer.status_code < 500, (route, body, found)
        assert found.keys() == {"status", "_message"}
        assert found["status"] == "error"
        assert found["_message"]
        assert facts() == before


@pytest.fixture
def sender(api: Client, make_key: MakeKey, make_profile: Any) -> Sender:
    make_profile("U1", custom__seats=1, channel__push=[{"token": "p1", "status": 1}])
    return Sender(api, make_key()[1])


def dumped(body: Any) -> bytes:
    """With NaN, halves of characters and numbers of any size, which our reader has to refuse."""
    return json.dumps(body).encode()


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=NEARLY | ANY)
def test_any_json_is_answered_in_fynos_shape(sender: Sender, sent: tuple[tuple[str, str], Any]) -> None:
    route, body = sent
    sender.send(route, dumped(body))


def test_what_is_no_json_is_answered_in_fynos_shape(sender: Sender) -> None:
    for route in ROUTES:
        for body in RAW:
            sender.send(route, body)
        sender.send(route, b"x", **{"Content-Encoding": "gzip"})
        sender.send(route, b"{}", **{"Content-Encoding": "br"})


def test_a_body_may_be_packed_and_of_any_media_type(sender: Sender, api: Client) -> None:
    answer = api.generic(
        "POST",
        "/v1/acme/live/profiles",
        gzip.compress(b'{"distinct_id": "U9"}'),
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"bearer {sender.secret}", "Content-Encoding": "gzip"},
    )
    assert answer.status_code == 201
