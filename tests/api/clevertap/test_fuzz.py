"""Whatever is sent is answered in CleverTap's shape, never with a 500, and what is refused writes nothing."""

import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Identifier, Profile, ProfileChange
from tests.api.conftest import MakeKey

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(st.characters() | st.sampled_from("\0\ud800$.%+ \n"), max_size=40)
    | st.sampled_from(["$D_1", "$D_99999999999999", "x" * 2_000, "2026-01-31", "+14155551234", "a@b.de", "M"])
)
KEYS = st.sampled_from(
    ["$add", "$remove", "$set", "$incr", "$decr", "$delete", "lat", "lon", "a", "", "\0", "ü" * 130, "n.m"]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda within: st.lists(within, max_size=9) | st.dictionaries(KEYS, within, max_size=4),
    max_leaves=25,
)
KNOWN = ["Name", "Email", "Phone", "Gender", "Employed", "Education", "Married", "Age", "DOB", "Photo", "Tz"]
DATA = st.dictionaries(
    st.sampled_from([*KNOWN, "Country", "MSG-email", "plan", "n"]) | KEYS | st.text(max_size=6),
    ANYTHING,
    max_size=6,
)
NAME = st.sampled_from(["ann", "bea", 7]) | ANYTHING
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["profile", "profile", "token", "event", "phone", "email", "whatsapp"])
        | ANYTHING,
        "identity": NAME,
        "objectId": NAME,
        "FBID": NAME,
        "GPID": NAME,
        "ts": st.just(1_700_000_000) | ANYTHING,
        "profileData": DATA | ANYTHING,
        "tokenData": st.fixed_dictionaries({}, optional={"id": NAME, "type": st.just("fcm") | NAME})
        | ANYTHING,
        "value": NAME,
        "status": st.sampled_from(["Unsubscribe", "Resubscribe"]) | ANYTHING,
    },
)
CONDITION = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["n", "Gender", "identity", "Email", "DOB", "plan"]) | ANYTHING,
        "operator": st.sampled_from(["equals", "contains", "exists", "less_than"]) | ANYTHING,
        "value": ANYTHING,
    },
)
QUERY = st.fixed_dictionaries(
    {},
    optional={
        "event_name": st.just("-1") | ANYTHING,
        "from": ANYTHING,
        "common_profile_properties": st.fixed_dictionaries(
            {},
            optional={"profile_fields": st.lists(CONDITION, max_size=3) | ANYTHING, "demographics": ANYTHING},
        )
        | ANYTHING,
        "event_properties": ANYTHING,
    },
)
BODY = (
    st.fixed_dictionaries({"d": st.lists(RECORD | ANYTHING, max_size=4) | ANYTHING})
    | st.fixed_dictionaries({}, optional={"identity": NAME, "guid": NAME, "identities": st.lists(NAME)})
    | QUERY
    | ANYTHING
)
RAW = (
    BODY.map(lambda body: json.dumps(body).encode())
    | st.binary(max_size=40)
    | st.sampled_from(
        [b"[" * 100_000, b'{"d":1,"d":[{}]}', b'{"d":[{"ts":1e400}]}', b'{"d":["\xff"]}', b"null"]
    )
)
PATHS = [
    "upload",
    "upload?dryRun=1",
    "delete/profiles.json",
    "profiles.json?batch_size=2",
    "counts/profiles.json",
    "demerge/profiles.json",
    "disassociate",
    "subscribe",
    "events.json",
]
TEXT = st.text(st.characters() | st.sampled_from("\0+ "), max_size=30)


@pytest.fixture
def headers(make_key: MakeKey) -> dict[str, str]:
    return {"X-CleverTap-Account-Id": "acme", "X-CleverTap-Passcode": make_key()[1]}


def stored() -> list[int]:
    return [model.objects.count() for model in (Profile, Identifier, ProfileChange)]


def check(answer: Any, before: list[int]) -> dict[str, Any]:
    assert answer.status_code in (200, 400, 404, 405), answer.content
    said: dict[str, Any] = json.loads(answer.content)
    if answer.status_code != 200:
        assert said.keys() == {"status", "error", "code"}
        assert (said["status"], said["code"]) == ("fail", answer.status_code)
        assert said["error"]
    if said["status"] == "fail":
        assert stored() == before
    for failure in said.get("unprocessed", ()):
        assert failure.keys() == {"status", "code", "error", "record"}
    return said


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(PATHS), RAW, st.booleans())
def test_whatever_is_posted(
    api: Client, headers: dict[str, str], path: str, raw: bytes, is_packed: bool
) -> None:
    before = stored()
    more = {"Content-Encoding": "gzip"} if is_packed else {}
    body = gzip.compress(raw) if is_packed else raw
    answer = api.generic("POST", f"/1/{path}", body, content_type="text/plain", headers=headers | more)
    said = check(answer, before)
    if "dryRun" in path:
        assert stored() == before
    if "processed" in said and "demerge" not in path:
        number = len(json.loads(raw)["d"])
        skipped = [each for each in said["unprocessed"] if "The rest is stored." not in each["error"]]
        assert said["processed"] == number - len(skipped)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]),
    st.sampled_from(["profile.json", "profiles.json", "upload", "x"]),
    st.sampled_from(["identity", "email", "objectId", "cursor", "query", "batch_size"]),
    TEXT | QUERY.map(json.dumps),
)
def test_whatever_is_asked(
    api: Client, headers: dict[str, str], method: str, path: str, name: str, text: str
) -> None:
    before = stored()
    value = quote(text.encode(errors="surrogatepass"), safe="")
    answer: Any = api.generic(method, f"/1/{path}?{name}={value}", headers=headers)
    if method == "OPTIONS" and path != "x":
        assert answer.status_code == 204
    elif method != "HEAD":
        check(answer, before)
    assert stored() == before
