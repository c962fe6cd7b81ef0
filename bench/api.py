"""Requests of applications through the real server, beside a hello-world view of django-ninja."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import orjson
from django.utils import timezone

from profiles.demo import people
from profiles.models import Environment, Scope, Workspace
from profiles.operations.keys import create_key

from .client import Load, request, send
from .dataset import SEED, UNTIL
from .hello import PATH as HELLO
from .server import serving
from .table import Line, median, percentile

_CONNECTIONS: Final = 8
_SENDERS: Final = 2
_BATCH: Final = 1_000
_DELETED_AT_ONCE: Final = 100
_GET_SHARE, _PATCH_SHARE = 0.35, 0.12
_PROFILES_PER_SECOND: Final = 8_000
_DELETE_P95: Final = 50
# What the batches send, and what CleverTap calls it.
_SENT: Final = {
    "name": "Name",
    "email": "Email",
    "phone": "Phone",
    "city": "City",
    "custom.plan": "plan",
    "custom.seats": "seats",
    "custom.company": "company",
    "custom.trial": "trial",
}
_BY_ID: Final = "/api/v1/profiles/by-distinct-id"


def measure(workspace: Workspace, *, rows: int, requests: int, rounds: int) -> list[Line]:
    """The people whom the batches make are deleted again, so that the next part finds what it had."""
    key, secret = create_key(
        workspace,
        name="Benchmark",
        scopes=[Scope.READ, Scope.WRITE, Scope.DELETE],
        actor=None,
        expires_at=timezone.now() + timedelta(days=1),
        requests_per_minute=0,
        concurrent_requests=0,
    )
    try:
        with serving("bench.hello:application") as port:
            lines = _singles(workspace, port, secret, requests, rounds)
            return lines + _many(workspace, port, secret, min(rows, _BATCH), requests, rounds)
    finally:
        key.delete()


def _singles(workspace: Workspace, port: int, secret: str, requests: int, rounds: int) -> list[Line]:
    """In turns, so that what slows the machine down for a while slows all of them down."""
    ids = _sample(workspace, requests * 20)
    bearer = {"Authorization": f"Bearer {secret}"}
    paths = [f"{_BY_ID}?distinct_id={quote(each, safe='')}" for each in ids]
    hellos = [request("GET", HELLO)] * requests * 50
    gets = [request("GET", path, **bearer) for path in paths]
    rates: dict[str, list[float]] = {"hello": [], "get": [], "patch": []}
    for turn in range(rounds + 1):
        print(f"Hello, GET and PATCH, round {turn} of {rounds}.")
        patches = [
            request("PATCH", path, orjson.dumps({"city": f"City {turn} {number}"}), **bearer)
            for number, path in enumerate(paths[: len(paths) // 4])
        ]
        for name, wanted in (("hello", hellos), ("get", gets), ("patch", patches)):
            rates[name].append(send(port, wanted, connections=_CONNECTIONS).per_second)
    # The first round warms up.
    hello, get, patch = (median(rates[name][1:]) for name in ("hello", "get", "patch"))
    remark = f"{_CONNECTIONS} connections"
    return [
        Line("hello world of django-ninja", f"{hello:,.0f} requests/s", remark=remark),
        _share("GET by distinct ID", get, hello, _GET_SHARE),
        _share("PATCH of one property", patch, hello, _PATCH_SHARE),
    ]


def _share(what: str, rate: float, hello: float, least: float) -> Line:
    share = rate / hello
    return Line(
        what,
        f"{rate:,.0f} requests/s, {share:.2f} of hello world",
        f"at least {least}",
        share >= least,
    )


def _many(workspace: Workspace, port: int, secret: str, size: int, requests: int, rounds: int) -> list[Line]:
    account = {"X_CleverTap_Account_Id": workspace.slug, "X_CleverTap_Passcode": secret}
    # The first of each warms up the processes.
    number = 2 * _SENDERS + max(rounds * 4, requests * _DELETED_AT_ONCE // size)
    new = list(_made_up(2 * number * size))
    ours = [
        request("POST", "/api/v1/profiles:batch", _batch(some), Authorization=f"Bearer {secret}")
        for some in _cut(new[: number * size], size)
    ]
    theirs = [
        request("POST", "/1/upload", _upload(some), **account) for some in _cut(new[number * size :], size)
    ]
    print(f"{number} batches of {size} each by two APIs.")
    lines = [
        _rate(f"own API, batch of {size:,} new", _warm(port, ours), size),
        _rate(f"CleverTap, upload of {size:,} new", _warm(port, theirs), size),
    ]
    print("Deleting them again.")
    named = [person["distinct_id"] for person in new]
    deletes = [
        request("POST", "/1/delete/profiles.json", orjson.dumps({"identity": some}), **account)
        for some in _cut(named, _DELETED_AT_ONCE)
    ]
    times = [seconds * 1_000 for seconds in send(port, deletes, connections=1).each[:requests]]
    slow = percentile(times, 0.95)
    result = f"p50 {median(times):.1f} ms, p95 {slow:.1f} ms"
    target = f"p95 {_DELETE_P95} ms"
    what = f"CleverTap, delete of {_DELETED_AT_ONCE}"
    lines.append(Line(what, result, target, slow < _DELETE_P95, f"{len(times)} requests"))
    return lines


def _warm(port: int, batches: list[bytes]) -> Load:
    send(port, batches[: 2 * _SENDERS], connections=_SENDERS)
    return send(port, batches[2 * _SENDERS :], connections=_SENDERS)


def _rate(what: str, load: Load, size: int) -> Line:
    rate = load.per_second * size
    return Line(
        what,
        f"{rate:,.0f} profiles/s",
        f"at least {_PROFILES_PER_SECOND:,}",
        rate >= _PROFILES_PER_SECOND,
        f"{len(load.each)} requests, {_SENDERS} connections",
    )


def _sample(workspace: Workspace, number: int) -> list[str]:
    """Distinct IDs from all over the workspace, in no order; the same ones each time."""
    live = workspace.profiles.filter(environment=Environment.LIVE).order_by("pk")
    choose = random.Random(2)
    found: list[str] = []
    while len(found) < number:
        start = UUID(int=choose.getrandbits(128))
        found += live.filter(pk__gte=start).values_list("distinct_id", flat=True)[:20]
    choose.shuffle(found)
    return found[:number]


def _made_up(count: int) -> Iterator[dict[str, Any]]:
    """New people: what they are called, and what is sent of them, by its path."""
    for number, person in enumerate(people(count, seed=SEED + 1, until=UNTIL)):
        values = {path: value for path, value in person["values"].items() if path in _SENT}
        yield {"distinct_id": f"api-{number}", **values}


def _batch(some: Sequence[dict[str, Any]]) -> bytes:
    items = []
    for person in some:
        custom = {path[7:]: value for path, value in person.items() if path.startswith("custom.")}
        plain = {path: value for path, value in person.items() if not path.startswith("custom.")}
        items.append(plain | {"custom": custom})
    return orjson.dumps({"op": "upsert", "items": items})


def _upload(some: Sequence[dict[str, Any]]) -> bytes:
    records = []
    for person in some:
        data = {_SENT[path]: value for path, value in person.items() if path in _SENT}
        records.append({"type": "profile", "identity": person["distinct_id"], "profileData": data})
    return orjson.dumps({"d": records})


def _cut(all_of_them: Sequence[Any], size: int) -> list[Any]:
    return [all_of_them[start : start + size] for start in range(0, len(all_of_them), size)]
