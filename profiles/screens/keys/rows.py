"""A key as the list and its page show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from profiles.models import ApiKey, Door

EXPIRES_SOON: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class State:
    """In a word, with its look (see `markup.badge`)."""

    text: str
    look: str


@dataclass(frozen=True, slots=True)
class Row:
    key: ApiKey
    states: list[State]

    @property
    def last_door(self) -> str:
        known = self.key.last_door in Door.values
        return str(Door(self.key.last_door).label) if known else self.key.last_door

    @property
    def has_overlap(self) -> bool:
        return _has_overlap(self.key, timezone.now())

    @property
    def per_minute(self) -> str:
        return _limit(self.key.requests_per_minute)

    @property
    def at_once(self) -> str:
        return _limit(self.key.concurrent_requests)


def row_of(key: ApiKey) -> Row:
    return Row(key, states_of(key, timezone.now()))


def states_of(key: ApiKey, now: datetime) -> list[State]:
    """What it is good for now; a second one where an old secret is good, too."""
    if key.is_revoked:
        return [State("Revoked", "quiet")]
    if key.has_expired(now):
        return [State("Expired", "bad")]
    is_ending = key.expires_at is not None and key.expires_at - now <= EXPIRES_SOON
    found = [State("Expires soon", "warn") if is_ending else State("Active", "good")]
    if _has_overlap(key, now):
        found.append(State("Old secret still good", "info"))
    return found


def _has_overlap(key: ApiKey, now: datetime) -> bool:
    return bool(key.old_secret_hash and key.old_until and key.old_until > now) and key.is_usable(now)


def _limit(number: int | None) -> str:
    if number is None:
        return "As each API documents"
    return f"{number:,}" if number else "Without a limit"
