"""Identities that are derived, not handed out: the same person always gets the same UUID."""

import secrets
import time
from hashlib import sha256
from uuid import UUID, SafeUUID

_VERSION_AND_VARIANT = ~((0xF << 76) | (0b11 << 62))
_VERSION_8 = (8 << 76) | (0b10 << 62)
_VERSION_7 = (7 << 76) | (0b10 << 62)
_new, _set, _SAFE = object.__new__, object.__setattr__, SafeUUID.unknown


def derive_id(*parts: str) -> UUID:
    """The version-8 UUID (RFC 9562) of `parts`: the first 128 bits of their SHA-256.

    No part may contain NUL, which separates them; PostgreSQL could not store it either.
    """
    digest = sha256("\0".join(parts).encode()).digest()
    return _uuid(int.from_bytes(digest[:16]) & _VERSION_AND_VARIANT | _VERSION_8)


def new_distinct_id() -> str:
    """A distinct ID for a profile that came without one: UUIDv7 text, so that they sort by age."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    return str(UUID(int=value & _VERSION_AND_VARIANT | _VERSION_7))


def _uuid(value: int) -> UUID:
    """`UUID(int=value)` without its checks, which an import of millions feels."""
    made = _new(UUID)
    _set(made, "int", value)
    _set(made, "is_safe", _SAFE)
    return made
