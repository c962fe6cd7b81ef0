"""Who may come in, how often, and in which shape it is said that they may not (contracts 5c)."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import MakeKey

from .conftest import RIDER, Ask, basic

ADDRESS = f"/api/v2/user_profiles?identifier={RIDER}"


def error_of(answer: Any) -> dict[str, str]:
    (error,) = json.loads(answer.content)["errors"]
    assert error.keys() == {"code", "id", "title"}
    assert error["id"] == answer.headers["X-Request-Id"]
    return dict(error)


@pytest.mark.parametrize("header", ["", "Basic", "Basic x", "Basic Og==", "Bearer", "Bearer x", "Digest x"])
def test_without_a_key_nobody_comes_in(api: Client, header: str) -> None:
    answer = api.get(ADDRESS, headers={"Authorization": header} if header else {})
    assert (answer.status_code, error_of(answer)["code"]) == (401, "Unauthorized")


def test_a_key_may_be_given_as_bearer_token(api: Client, jdoe: Any, make_key: MakeKey) -> None:
    answer = api.get(ADDRESS, headers={"Authorization": f"Bearer {make_key()[1]}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "scope"), [("GET", "read"), ("PUT", "write"), ("PATCH", "write"), ("DELETE", "delete")]
)
def test_a_missing_scope_is_forbidden(api: Client, make_key: MakeKey, method: str, scope: str) -> None:
    others = [each for each in ("read", "write", "delete", "ingest") if each != scope]
    _, secret = make_key(scopes=others)
    answer = api.generic(method, ADDRESS, headers={"Authorization": basic(secret)})
    assert (answer.status_code, error_of(answer)["code"]) == (403, "Forbidden")


def test_too_many_requests_are_told_when_to_come_back(api: Client, make_key: MakeKey) -> None:
    _, secret = make_key(requests_per_minute=2)
    answers = [api.get(ADDRESS, headers={"Authorization": basic(secret)}) for _ in range(5)]
    assert answers[0].headers["X-Rate-Limit"] == answers[0].headers["ratelimit-limit"] == "2"
    assert {"X-Rate-Limit-Remaining", "ratelimit-remaining", "ratelimit-reset"} <= answers[0].headers.keys()
    assert answers[-1].status_code == 429
    assert error_of(answers[-1])["code"] == "TooManyRequests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "user_profiles", 405),
        ("DELETE", "users/1/profiles", 405),
        ("POST", "user_profiles/events", 404),
        ("GET", "user_profiles/x/events", 404),
        ("GET", "users/1/events", 404),
        ("GET", "users", 404),
    ],
)
def test_what_there_is_not(ask: Ask, method: str, path: str, status: int) -> None:
    """Events come later."""
    found, answer = ask(method, path)
    assert found == status
    assert answer["errors"][0]["code"] == {404: "NotFound", 405: "MethodNotAllowed"}[status]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"null", b'{"profile": 1}', b"[" * 5000])
def test_bodies_that_cannot_be_read(api: Client, make_key: MakeKey, body: bytes) -> None:
    for method in ("PUT", "PATCH"):
        headers = {"Authorization": basic(make_key()[1])}
        answer = api.generic(method, ADDRESS, body, content_type="text/plain", headers=headers)
        assert (answer.status_code, error_of(answer)["code"]) == (400, "ClientError")


def test_any_media_type_will_do(api: Client, make_key: MakeKey) -> None:
    """`curl -d` without a header says that it sends a form."""
    answer = api.generic(
        "PUT",
        ADDRESS,
        b'{"profile": {}}',
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": basic(make_key()[1])},
    )
    assert answer.status_code == 201
