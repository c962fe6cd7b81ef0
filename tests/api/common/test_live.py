"""The same through the real web server: two processes, and what only a network can do to a request."""

import gzip
import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from profiles.api.common.limits import slot
from profiles.models import Profile, RateWindow, Workspace
from tests.api.conftest import MakeKey
from tests.api.server import serving

PROFILES = "/v1/acme/live/profiles"


def exchange(address: str, request: bytes, *, closes: bool = False) -> tuple[int, bytes]:
    """Send these bytes; `closes` the way there before an answer comes. Returns status and what came after."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as wire:
        wire.sendall(request)
        if closes:
            wire.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := wire.recv(65_536):
            answer += piece
    return int(answer.split(b" ", 2)[1]) if answer else 0, answer.partition(b"\r\n\r\n")[2]


def head(method: str, path: str, secret: str, *lines: str) -> bytes:
    named = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {secret}", *lines]
    return "\r\n".join([*named, "Connection: close", "", ""]).encode()


def in_chunks(body: bytes, size: int = 7) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_a_limit_holds_over_both_processes(live_api: str, acme: Workspace, make_key: MakeKey) -> None:
    key, secret = make_key(requests_per_minute=20)
    request = head("GET", f"{PROFILES}/nobody", secret)
    with ThreadPoolExecutor(8) as many:
        statuses = Counter(status for status, _ in many.map(lambda _: exchange(live_api, request), range(60)))
    granted = list(RateWindow.objects.filter(key=key).values_list("granted", flat=True))
    assert max(granted) <= 20
    assert statuses == {400: sum(granted), 429: 60 - sum(granted)}


def test_places_among_those_at_work_are_the_same_for_all_processes(
    live_api: str, acme: Workspace, make_key: MakeKey
) -> None:
    """This process holds the only place, then gives it back."""
    key, secret = make_key(concurrent_requests=1)
    request = head("GET", f"{PROFILES}/nobody", secret)
    with slot(key, group="fyno profile", limit=1):
        taken = [exchange(live_api, request)[0] for _ in range(4)]
    free = [exchange(live_api, request)[0] for _ in range(4)]
    assert (taken, free) == ([429] * 4, [400] * 4)


def test_a_body_in_chunks_is_read_packed_or_not(live_api: str, acme: Workspace, make_key: MakeKey) -> None:
    _, secret = make_key()
    chunked = "Transfer-Encoding: chunked"
    plain = in_chunks(b'{"distinct_id": "plain"}')
    packed = in_chunks(gzip.compress(b'{"distinct_id": "packed"}'))
    assert exchange(live_api, head("POST", PROFILES, secret, chunked) + plain)[0] == 201
    packing = "Content-Encoding: gzip"
    assert exchange(live_api, head("POST", PROFILES, secret, chunked, packing) + packed)[0] == 201
    assert set(Profile.objects.values_list("distinct_id", flat=True)) == {"plain", "packed"}


def test_a_body_in_chunks_ends_where_it_is_too_large(
    live_api: str, acme: Workspace, make_key: MakeKey
) -> None:
    _, secret = make_key()
    body = in_chunks(b" " * (11 << 20), size=1 << 20)
    status, said = exchange(live_api, head("POST", PROFILES, secret, "Transfer-Encoding: chunked") + body)
    assert status == 413
    assert json.loads(said)["status"] == "error"


@pytest.mark.parametrize("cut", ["Content-Length: 400", "Transfer-Encoding: chunked"])
def test_a_body_that_is_cut_off_writes_nothing(
    live_api: str, acme: Workspace, make_key: MakeKey, cut: str
) -> None:
    _, secret = make_key()
    body = b'{"distinct_id": "half"}'
    sent = head("POST", PROFILES, secret, cut) + (body if "Length" in cut else in_chunks(body)[:20])
    status, _ = exchange(live_api, sent, closes=True)
    assert status in (0, 400)
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [b"Content-Length: -1", b"Content-Length: x", b"Content-Length: 2\r\nContent-Length: 3"],
)
def test_a_length_that_is_none_is_a_bad_request(
    live_api: str, acme: Workspace, make_key: MakeKey, odd: bytes
) -> None:
    _, secret = make_key()
    request = head("POST", PROFILES, secret).replace(b"Connection", odd + b"\r\nConnection")
    assert exchange(live_api, request + b"{}")[0] == 400


def test_head_has_no_body_on_the_wire(live_api: str, acme: Workspace, make_key: MakeKey) -> None:
    _, secret = make_key()
    assert exchange(live_api, head("HEAD", f"{PROFILES}/nobody", secret)) == (400, b"")


def test_a_database_that_is_away_is_said_in_the_shape_of_each_protocol(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    secret = f"prf_{'a' * 12}_{'0' * 40}"
    with serving(tmp_path, DATABASE_URL=nowhere, DATABASE_TIMEOUT="0.2") as address:
        ours, theirs = (
            exchange(address, head("GET", path, secret)) for path in ("/api/v1/profiles", f"{PROFILES}/x")
        )
    assert (ours[0], json.loads(ours[1])["title"]) == (503, "Not available")
    assert (theirs[0], json.loads(theirs[1])["status"]) == (503, "error")


def test_a_large_answer_is_packed_for_those_who_ask(
    live_api: str, acme: Workspace, make_key: MakeKey
) -> None:
    _, secret = make_key()
    name = "x" * 200
    create = json.dumps({"distinct_id": "alice", "name": name}).encode()
    exchange(live_api, head("POST", PROFILES, secret, f"Content-Length: {len(create)}") + create)
    packing = "Accept-Encoding: gzip"
    status, body = exchange(live_api, head("GET", f"{PROFILES}/alice", secret, packing))
    assert status == 200
    assert json.loads(gzip.decompress(body))["name"] == name
