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

from django.db import connection

from profiles.models import ApiKey
from profiles.operations.keys import grant_requests

from .errors import ApiError, Reason

_SHARES: Final = 100
_KEPT: Final = 10_000
# Advisory locks of two numbers: below are those of the writers.
_FIRST_SLOT: Final = 1_000_000
_TAKE: Final = """
    SELECT slot FROM generate_series(%(first)s::int, %(first)s::int + %(most)s::int - 1) AS slot
    WHERE pg_try_advisory_lock(%(key)s::int, slot) LIMIT 1
"""


@dataclass(slots=True)
class Allowance:
    """What is left of the minute for a key, for the headers of protocols that tell."""

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
        is_counted = share.left > 0
        share.left -= is_counted
    if not is_counted:
        given, granted = grant_requests(
            key, door=door, minute=minute, wanted=max(limit // _SHARES, 1), limit=limit
        )
        if not given:
            raise ApiError(
                Reason.TOO_MANY_REQUESTS,
                f"This key may send {limit:,} requests a minute; try again in {seconds} seconds.",
                headers={"Retry-After": str(seconds)},
            )
        with _lock:
            share.left += given - 1
            share.granted = granted
    return Allowance(limit, max(limit - share.granted, 0) + share.left, seconds)


def _share_of(key: ApiKey, door: str, minute: int) -> _Share:
    if len(_shares) > _KEPT:
        _shares.clear()
    share = _shares.setdefault((key.pk, door), _Share())
    if share.minute != minute:
        share.minute, share.left, share.granted = minute, 0, 0
    return share


@contextmanager
def slot(key: ApiKey, *, group: str, limit: int) -> Iterator[None]:
    """Hold one of the key's slots of this group of requests. Raises ApiError (429) when all are taken."""
    limit = limit if key.concurrent_requests is None else key.concurrent_requests
    if not limit:
        yield
        return
    number = key.pk % 2**31
    first = _FIRST_SLOT + zlib.crc32(group.encode()) % 1_000 * 1_000
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": number, "first": first, "most": min(limit, 1_000)})
        found = cursor.fetchone()
    if not found:
        raise ApiError(Reason.TOO_MANY_AT_ONCE, f"This key may have {limit} such requests at work at once.")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [number, found[0]])
