"""How much a key may ask: so many requests a minute, and so many at once, over all processes.

Requests of a minute are counted in the database. So that not each of them writes there, a process is granted
a small share of the minute at once and counts that by itself. Requests at once hold one of so many advisory
locks of their connection: the locks of a process that dies are free.
"""

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.db import Error, connection
from django.http.response import HttpResponseBase

from profiles.models import ApiKey
from profiles.operations.keys import grant_requests

from .errors import ApiError, Reason

_SHARES: Final = 100
_KEPT: Final = 10_000
# Advisory locks of two numbers: below are those of the writers.
_FIRST_SLOT: Final = 1_000_000
_MOST_SLOTS: Final = 1_000
_TAKE: Final = """
    SELECT slot FROM generate_series(%(first)s::int, %(first)s::int + %(most)s::int - 1) AS slot
    WHERE pg_try_advisory_lock(%(key)s::int, slot) LIMIT 1
"""


@dataclass(slots=True)
class Allowance:
    """What is left of the minute for a key."""

    limit: int
    remaining: int
    seconds: int


@dataclass(slots=True)
class _Share:
    minute: int = 0
    left: int = 0
    granted: int = 0


_shares: dict[tuple[int, str], _Share] = {}
_lock = Lock()


def count_request(key: ApiKey, *, door: str, limit: int) -> Allowance | None:
    """Count one request; None where there is no limit. Raises ApiError (429) with Retry-After in seconds."""
    limit = limit if key.requests_per_minute is None else key.requests_per_minute
    if not limit:
        return None
    now = time.time()
    minute, seconds = int(now // 60), 60 - int(now % 60)
    with _lock:
        share = _share_of(key, door, minute)
        if share.left > 0:
            share.left -= 1
            return _allowance(limit, share, seconds)
    # Without the lock, so that nobody waits here while the database answers one.
    given, granted = grant_requests(
        key, door=door, minute=minute, wanted=max(limit // _SHARES, 1), limit=limit
    )
    if not given:
        raise _too_many(Allowance(limit, 0, seconds))
    with _lock:
        share = _share_of(key, door, minute)
        if share.minute == minute:
            share.left += given - 1
            share.granted = max(granted, share.granted)
        return _allowance(limit, share, seconds)


def tell(response: HttpResponseBase, allowance: Allowance) -> None:
    """The headers that Zendesk documents (contracts 5b) and others know."""
    for name, value in _headers(allowance).items():
        response.headers[name] = value


@contextmanager
def slot(key: ApiKey, *, group: str, limit: int) -> Iterator[None]:
    """Hold one of the key's slots of this group of requests. Raises ApiError (429) when all are taken."""
    limit = limit if key.concurrent_requests is None else key.concurrent_requests
    if not limit:
        yield
        return
    number = key.pk % 2**31
    taken = _take(number, group, min(limit, _MOST_SLOTS))
    if taken is None:
        sentence = f"This key may have {limit:,} such requests at work at once."
        raise ApiError(Reason.TOO_MANY_AT_ONCE, sentence, headers={"Retry-After": "1"})
    try:
        yield
    finally:
        _give_back(number, taken)


def _share_of(key: ApiKey, door: str, minute: int) -> _Share:
    """Made anew for a minute that is later than the share's: a request may come here late."""
    if len(_shares) > _KEPT:
        _shares.clear()
    share = _shares.setdefault((key.pk, door), _Share())
    if share.minute < minute:
        share.minute, share.left, share.granted = minute, 0, 0
    return share


def _allowance(limit: int, share: _Share, seconds: int) -> Allowance:
    return Allowance(limit, max(limit - share.granted, 0) + share.left, seconds)


def _too_many(allowance: Allowance) -> ApiError:
    return ApiError(
        Reason.TOO_MANY_REQUESTS,
        f"This key may send {allowance.limit:,} requests a minute; try again in {allowance.seconds} seconds.",
        headers=_headers(allowance) | {"Retry-After": str(allowance.seconds)},
    )


def _headers(allowance: Allowance) -> dict[str, str]:
    limit, remaining = str(allowance.limit), str(allowance.remaining)
    return {
        "X-Rate-Limit": limit,
        "X-Rate-Limit-Remaining": remaining,
        "ratelimit-limit": limit,
        "ratelimit-remaining": remaining,
        "ratelimit-reset": str(allowance.seconds),
    }


def _take(number: int, group: str, most: int) -> int | None:
    first = _FIRST_SLOT + zlib.crc32(group.encode()) % 1_000 * _MOST_SLOTS
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": number, "first": first, "most": most})
        found = cursor.fetchone()
    return int(found[0]) if found else None


def _give_back(number: int, taken: int) -> None:
    """A connection that broke gave its locks back by itself."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [number, taken])
    except Error:
        connection.close()
