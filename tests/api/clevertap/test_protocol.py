"""Credentials, limits and shapes that all of CleverTap's endpoints share (contracts 4b)."""

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

from django.db import connections
from django.test import Client

from profiles.api.common.limits import slot
from profiles.models import ApiKey, Profile, Workspace
from tests.api.conftest import MakeKey

Failure = tuple[int, dict[str, Any]]


def failure(code: int, error: str) -> Failure:
    return code, {"status": "fail", "error": error, "code": code}


def headers_of(secret: str, account: str = "acme") -> dict[str, str]:
    given = {"X-CleverTap-Account-Id": account, "X-CleverTap-Passcode": secret}
    return {name: value for name, value in given.items() if value}


def test_recorded_texts_say_what_is_wrong_with_the_credentials(
    api: Client, acme: Workspace, globex: Workspace, make_key: MakeKey
) -> None:
    _, secret = make_key()
    for account, passcode, error in (
        ("", secret, "Account ID is not valid"),
        ("globex", secret, "Account ID is not valid"),
        ("acme", "", "Passcode Invalid"),
        ("acme", "wrong", "Passcode Invalid"),
        ("acme", f"{secret}x", "Passcode Invalid"),
    ):
        answer = api.get("/1/profile.json?identity=x", headers=headers_of(passcode, account))
        assert (answer.status_code, answer.json()) == failure(401, error)


def test_a_key_that_may_only_read_deletes_nobody(api: Client, make_key: MakeKey, alice: Profile) -> None:
    _, secret = make_key(scopes=["read"])
    body = {"identity": "alice"}
    answer = api.post(
        "/1/delete/profiles.json", body, content_type="application/json", headers=headers_of(secret)
    )
    assert (answer.status_code, answer.json()) == failure(403, "This key lacks the scope “delete”.")
    assert Profile.objects.exists()


@contextmanager
def at_work(key: ApiKey, group: str, number: int) -> Iterator[None]:
    """So many requests of the group, each with a connection of its own."""
    are_there, is_over = Barrier(number + 1), Event()

    def hold() -> None:
        with slot(key, group=group, limit=number):
            are_there.wait(60)
            is_over.wait(60)
        connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        for _ in range(number):
            pool.submit(hold)
        are_there.wait(60)
        try:
            yield
        finally:
            is_over.set()


def test_three_requests_at_once_and_no_more_but_fifteen_uploads(api: Client, make_key: MakeKey) -> None:
    key, secret = make_key(concurrent_requests=None)

    def ask(path: str) -> Failure:
        answer = api.post(f"/1/{path}", {}, content_type="application/json", headers=headers_of(secret))
        return answer.status_code, answer.json()

    with at_work(key, "clevertap delete", 2):
        assert ask("delete/profiles.json")[0] == 400
    with at_work(key, "clevertap delete", 3):
        assert ask("delete/profiles.json") == failure(429, "Too many concurrent requests")
    # As many connections as a test can have.
    with at_work(key, "clevertap upload", 9):
        assert ask("upload")[0] == 400


def test_every_endpoint_answers_with_a_slash_too_and_whatever_the_media_type(
    api: Client, make_key: MakeKey, alice: Profile
) -> None:
    headers = headers_of(make_key()[1])
    assert api.get("/1/profile.json/?identity=alice", headers=headers).status_code == 200
    for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
        answer = api.generic("POST", "/1/counts/profiles.json/", b"{}", content_type=kind, headers=headers)
        assert answer.json() == {"status": "success", "count": 1}
    packed = gzip.compress(json.dumps({"event_name": "-1"}).encode())
    answer = api.generic(
        "POST", "/1/counts/profiles.json", packed, headers={**headers, "Content-Encoding": "gzip"}
    )
    assert answer.json() == {"status": "success", "count": 1}


def test_wrong_methods_and_paths_are_told_so(api: Client, make_key: MakeKey) -> None:
    headers = headers_of(make_key()[1])
    answer = api.get("/1/upload", headers=headers)
    assert (answer.status_code, answer.json()) == failure(405, "GET is not for this path; OPTIONS, POST are.")
    assert api.options("/1/profile.json").headers["Allow"] == "GET, HEAD, OPTIONS"
    for path in ("events.json", "counts/events.json", "targets/list.json", ""):
        answer = api.get(f"/1/{path}", headers=headers)
        assert (answer.status_code, answer.json()) == failure(404, "There is no such endpoint.")
