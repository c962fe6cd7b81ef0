"""Whatever is sent where, nothing breaks: a documented answer, or a problem and nothing half done."""

from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Profile, ProfileChange

from .conftest import App

MEMBERS = ["email", "tags", "custom", "channels", "identifiers", "status", "distinct_id", "birthday", "x/~y"]
OTHERS = ["op", "items", "add", "remove", "ids", "filter", "columns", "values", "key", "type", "minimum"]
KEYS = st.sampled_from([*MEMBERS, *OTHERS])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["\0", "a" * 2000, "delete", "upsert", "alice", "email", "choice", "{", "'"])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
ROUTES = st.sampled_from(
    [
        ("POST", path)
        for path in ("/profiles", "/profiles:batch", "/profiles:delete", "/exports", "/properties")
    ]
    + [(method, "/profiles/{id}") for method in ("PATCH", "PUT")]
    + [("POST", f"/profiles/{{id}}{verb}") for verb in ("/tags", "/identifiers", ":merge")]
    + [("PUT", "/profiles/by-distinct-id?distinct_id=alice"), ("PATCH", "/properties/email")]
)
EXPECTED = {200, 201, 202, 400, 404, 409, 412, 422}


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(route=ROUTES, body=st.dictionaries(KEYS, ANYTHING, max_size=5) | ANYTHING)
def test_nothing_breaks(app: App, alice: Profile, route: tuple[str, str], body: Any) -> None:
    method, path = route
    before = ProfileChange.objects.count()
    answer = app.send(method, path.format(id=alice.pk), orjson.dumps(body))
    assert answer.status_code in EXPECTED, (answer.status_code, answer.content)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert orjson.loads(answer.content)["detail"]
        assert ProfileChange.objects.count() == before
    assert app.get(f"/profiles/{alice.pk}").status_code == 200


def test_any_query_is_answered(app: App, alice: Profile) -> None:
    paths = ("/profiles", f"/profiles/{alice.pk}", "/profiles/by-distinct-id", "/jobs", "/properties")
    names = (
        "q",
        "limit",
        "cursor",
        "sort",
        "fields",
        "include",
        "distinct_id",
        "before",
        "r1f",
        "%00",
        "tags",
    )
    for path in paths:
        for name in names:
            for value in ("", "%00", "%ff%fe", "-1", "9" * 40, "x" * 3000, "custom.", "%F0%9F%98%80", "a,b"):
                answer = app.get(f"{path}?{name}={value}")
                assert answer.status_code in (200, 304, 404, 422), (path, name, value, answer.content)
