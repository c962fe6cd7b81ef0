"""Requests that are sent twice and done once: what was answered is kept, in the transaction that did it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import ApiKey, StoredAnswer

from .keys import ANSWERS_KEPT_FOR

LONGEST: Final = 255
# Free again when the transaction ends, whichever way it does.
_HOLD: Final = "SELECT pg_try_advisory_xact_lock(%s)"


class AtWork(Refused):
    """The first of the two is not answered yet."""

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is still at work. Ask again in a moment.")


class AnotherRequest(Refused):
    def __init__(self) -> None:
        super().__init__("This Idempotency-Key came with another request before. Make a new one for each.")


@dataclass(frozen=True, slots=True)
class Deed:
    """A request that may come again: `mark` is the same for the same request only."""

    key: ApiKey
    idempotency_key: str
    mark: str

    def known(self) -> StoredAnswer | None:
        """What it was answered, if that is less than a day ago. Raises AnotherRequest."""
        found = StoredAnswer.objects.filter(key=self.key, idempotency_key=self.idempotency_key).first()
        if found and found.created_at < timezone.now() - ANSWERS_KEPT_FOR:
            found.delete()
            return None
        if found and found.request_hash != self.mark:
            raise AnotherRequest
        return found

    def keep(self, *, status: int, headers: dict[str, str], body: bytes) -> None:
        StoredAnswer.objects.create(
            key=self.key,
            idempotency_key=self.idempotency_key,
            request_hash=self.mark,
            status=status,
            headers=headers,
            body=body,
        )


@contextmanager
def once(deed: Deed) -> Iterator[None]:
    """One transaction for the deed and its answer; only one such deed at a time. Raises AtWork."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [_number_of(deed)])
            if not cursor.fetchone()[0]:
                raise AtWork
        yield


def mark_of(*parts: bytes) -> str:
    return sha256(b"\0".join(parts)).hexdigest()


def _number_of(deed: Deed) -> int:
    named = sha256(f"{deed.key.pk}\0{deed.idempotency_key}".encode()).digest()
    return int.from_bytes(named[:8], signed=True)
