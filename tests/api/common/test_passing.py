"""A request that is answered ahead of the site is answered as the site would."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory, override_settings

from profiles.api.common.passing import ahead_of
from profiles.models import Profile, Workspace
from tests.api.conftest import MakeKey

# What Django does when a request has ended would end the transaction of a test.
pytestmark = pytest.mark.django_db(transaction=True)

BY_ID = "/api/v1/profiles/by-distinct-id"
Answer = tuple[str, dict[str, str], bytes]


def ask(application: Any, method: str, path: str, body: bytes = b"", **environ: Any) -> Answer:
    given = RequestFactory().generic(method, path, body, "application/json", **environ).environ
    told: list[tuple[str, list[tuple[str, str]]]] = []
    found: Iterable[bytes] = application(given, lambda status, headers: told.append((status, headers)))
    content = b"".join(found)
    if close := getattr(found, "close", None):
        close()
    ((status, headers),) = told
    return status, dict(headers), content


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", f"{BY_ID}?distinct_id=alice", b"", "200 OK"),
        ("HEAD", f"{BY_ID}?distinct_id=alice", b"", "200 OK"),
        ("GET", f"{BY_ID}?distinct_id=bob", b"", "404 Not Found"),
        ("OPTIONS", BY_ID, b"", "204 No Content"),
        ("POST", BY_ID, b"{}", "405 Method Not Allowed"),
        ("PATCH", f"{BY_ID}?distinct_id=alice", b'{"city": ', "400 Bad Request"),
        ("GET", "/api/v1/nothing", b"", "404 Not Found"),
        ("POST", "/1/upload", b"{}", "401 Unauthorized"),
        ("GET", "/api/v2/user_profiles?identifier=x", b"", "400 Bad Request"),
        ("GET", "/v1/acme/live/profiles/alice", b"", "200 OK"),
    ],
)
def test_every_answer_has_the_same_status_headers_and_body(
    acme: Workspace,
    alice: Profile,
    make_key: MakeKey,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: bytes,
    status: str,
) -> None:
    # Bytes at random, against BREACH, decide whether it pays to pack a short answer.
    monkeypatch.setattr(GZipMiddleware, "max_random_bytes", 0)
    _, secret = make_key()
    site = WSGIHandler()
    given = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_X_REQUEST_ID": "the-same"}
    theirs, ours = (
        ask(each, method, path, body, HTTP_ACCEPT_ENCODING="gzip", **given) for each in (site, ahead_of(site))
    )
    assert ours[0] == theirs[0] == status
    assert ours == theirs
    assert ours[1]["X-Content-Type-Options"] == "nosniff"


def test_pages_are_left_to_the_site(acme: Workspace) -> None:
    asked = []

    def site(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return []

    for path in ("/", "/w/acme/profiles/", "/api/docs", "/nowhere"):
        ask(ahead_of(site), "GET", path)
    assert asked == ["/", "/w/acme/profiles/", "/api/docs", "/nowhere"]


def test_plain_http_is_led_to_https_where_that_is_wanted(acme: Workspace, make_key: MakeKey) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60):
        application = ahead_of(WSGIHandler())
        status, headers, _ = ask(application, "GET", f"{BY_ID}?distinct_id=x")
        assert (status, headers["Location"]) == (
            "301 Moved Permanently",
            f"https://testserver{BY_ID}?distinct_id=x",
        )
        status, headers, said = ask(
            application, "GET", f"{BY_ID}?distinct_id=x", **{"wsgi.url_scheme": "https"}
        )
    assert status == "401 Unauthorized"
    assert headers["Strict-Transport-Security"].startswith("max-age=60")
    assert json.loads(said)["status"] == 401
