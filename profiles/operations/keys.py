"""Keys of applications: made, changed, rotated, revoked; and what they may do in a minute."""

import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import (
    ApiKey,
    AuditEntry,
    Environment,
    Operator,
    RateWindow,
    Scope,
    StoredAnswer,
    Workspace,
)
from profiles.queries.keys import Wanted, key_of_id
from profiles.queries.records import Record

PREFIX: Final = "prf"
LONGEST_OVERLAP: Final = timedelta(days=30)
ANSWERS_KEPT_FOR: Final = timedelta(hours=24)
_ID_LENGTH: Final = 12
_SECRET: Final = re.compile(rf"{PREFIX}_([a-z0-9]{{{_ID_LENGTH}}})_[0-9a-f]{{8,100}}", re.ASCII)
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
# A use is noted at most once a minute, so that a busy key does not write its row with each request; sooner
# by another door than the last, for those who try one after the other.
_NOTED_EVERY: Final = timedelta(minutes=1)
_OTHER_DOOR_NOTED_EVERY: Final = timedelta(seconds=5)
_EDITABLE: Final = ("name", "scopes", "expires_at", "requests_per_minute", "concurrent_requests")
# One statement, which locks the row: so processes never grant more than the limit together.
_GRANT: Final = """
    INSERT INTO profiles_ratewindow AS seen (key_id, door, minute, granted, given)
    VALUES (%(key)s, %(door)s, %(minute)s, least(%(wanted)s, %(limit)s), least(%(wanted)s, %(limit)s))
    ON CONFLICT (key_id, door, minute) DO UPDATE SET
        granted = seen.granted + greatest(least(%(wanted)s, %(limit)s - seen.granted), 0),
        given = greatest(least(%(wanted)s, %(limit)s - seen.granted), 0)
    RETURNING given, granted
"""


def new_key_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


@transaction.atomic
def create_key(
    workspace: Workspace,
    *,
    name: str,
    scopes: Collection[str],
    actor: Operator | None,
    environment: str = Environment.LIVE,
    expires_at: datetime | None = None,
    requests_per_minute: int | None = None,
    concurrent_requests: int | None = None,
    key_id: str = "",
) -> tuple[ApiKey, str]:
    """A new key and its secret, which nobody can read again. Raises Refused where a value cannot be.

    With a `key_id` from `new_key_id`, the same request made twice makes one key: the second is refused.
    """
    key_id = key_id or new_key_id()
    if len(key_id) != _ID_LENGTH or set(key_id) - set(_LETTERS):
        raise Refused("The form is not complete: open it anew.")
    secret = _new_secret(key_id)
    key = ApiKey(
        workspace=workspace,
        key_id=key_id,
        environment=environment,
        secret_hash=_hash(secret),
        hint=secret[-4:],
        operator=actor,
    )
    _set(
        key,
        name=name,
        scopes=scopes,
        expires_at=expires_at,
        requests_per_minute=requests_per_minute,
        concurrent_requests=concurrent_requests,
    )
    try:
        key.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("This key was made already. Open the form anew to make another one.") from error
    _audit(key, "create_key", actor, scopes=key.scopes, environment=key.environment)
    return key, secret


@transaction.atomic
def edit_key(key: ApiKey, *, actor: Operator | None, **changes: Any) -> ApiKey:
    """Change name, scopes, expires_at or the limits. Raises Refused for a revoked key."""
    stored = _locked(key)
    before = {name: getattr(stored, name) for name in _EDITABLE}
    _set(stored, **(before | changes))
    changed = [name for name in _EDITABLE if before[name] != getattr(stored, name)]
    if changed:
        stored.save(update_fields=changed)
        _audit(stored, "edit_key", actor, changed=changed)
    return stored


@transaction.atomic
def rotate_key(key: ApiKey, *, actor: Operator | None, overlap: timedelta, present: str | None = None) -> str:
    """A new secret; the present one is good for `overlap` more (0 to 30 days). One before that ends now.

    `present` is the hint of the secret that is meant: where that was rotated meanwhile, it is refused.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Refused(f"The old secret can be good for 0 to {LONGEST_OVERLAP.days} days more.")
    stored = _locked(key)
    if present is not None and present != stored.hint:
        raise Refused("This key was rotated meanwhile. A secret is shown once: rotate again for another.")
    secret = _new_secret(stored.key_id)
    stored.old_secret_hash = stored.secret_hash if overlap else ""
    stored.old_until = timezone.now() + overlap if overlap else None
    stored.secret_hash, stored.hint = _hash(secret), secret[-4:]
    stored.save(update_fields=["old_secret_hash", "old_until", "secret_hash", "hint"])
    _audit(stored, "rotate_key", actor, old_until=stored.old_until.isoformat() if stored.old_until else None)
    return secret


@transaction.atomic
def end_overlap(key: ApiKey, *, actor: Operator | None) -> None:
    """The secret before the last rotation is no good from now on."""
    stored = _locked(key)
    if stored.old_secret_hash:
        stored.old_secret_hash, stored.old_until = "", None
        stored.save(update_fields=["old_secret_hash", "old_until"])
        _audit(stored, "end_overlap", actor)


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: Operator | None) -> None:
    """No good from the next request on, for ever. Revoking twice changes nothing."""
    stored = ApiKey.objects.select_for_update().select_related("workspace").get(pk=key.pk)
    if not stored.is_revoked:
        stored.revoked_at = timezone.now()
        stored.save(update_fields=["revoked_at"])
        _audit(stored, "revoke_key", actor)


def find_key(secret: str) -> ApiKey | None:
    """The key that this is the secret of, or was until its overlap ends; revoked and expired ones too."""
    return find_key_and(None, secret)[0]


def find_key_and(wanted: Wanted | None, secret: str) -> tuple[ApiKey | None, Record | None]:
    """The same with the profile that the request is about, where one look finds both; see `key_of_id`."""
    looks_right = _SECRET.fullmatch(secret)
    key, found = key_of_id(looks_right[1], wanted) if looks_right else (None, None)
    given = _hash(secret if looks_right else "")
    is_right = hmac.compare_digest(given, key.secret_hash if key else _hash(""))
    is_old = bool(
        key
        and key.old_until
        and key.old_until > timezone.now()
        and hmac.compare_digest(given, key.old_secret_hash)
    )
    return (key, found) if is_right or is_old else (None, None)


def note_use(key: ApiKey, *, door: str) -> None:
    """When and by which door it was used last, to the minute."""
    now = timezone.now()
    wait = _NOTED_EVERY if key.last_door == door else _OTHER_DOOR_NOTED_EVERY
    if key.last_used_at is None or now - key.last_used_at >= wait:
        key.last_used_at, key.last_door = now, door
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_door=door)


def grant_requests(key: ApiKey, *, door: str, minute: int, wanted: int, limit: int) -> tuple[int, int]:
    """How many requests of that minute the caller may count as its own, at most `wanted`; and all so far.

    What all callers are granted together is never more than `limit`.
    """
    facts: dict[str, int | str] = {
        "key": key.pk,
        "door": door,
        "minute": minute,
        "wanted": wanted,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GRANT, facts)
        given, granted = cursor.fetchone()
        return int(given), int(granted)


def forget_old_requests() -> None:
    """Counts of minutes that are over, and answers that are not given again."""
    now = timezone.now()
    RateWindow.objects.filter(minute__lt=int(now.timestamp()) // 60 - 5).delete()
    StoredAnswer.objects.filter(created_at__lt=now - ANSWERS_KEPT_FOR).delete()


def _set(key: ApiKey, **values: Any) -> None:
    for name, value in values.items():
        setattr(key, name, value)
    key.name = " ".join(key.name.split())
    key.scopes = [scope for scope in Scope.values if scope in set(key.scopes)]
    if not key.name or len(key.name) > 100 or not key.name.isprintable():
        raise Refused("A key needs a name of 1 to 100 printable characters.")
    if not key.scopes or set(values["scopes"]) - set(Scope.values):
        raise Refused("A key needs some of the scopes read, write, delete and ingest, and knows no other.")
    if key.environment not in Environment.values:
        raise Refused("The environment is live or test.")
    for limit in (key.requests_per_minute, key.concurrent_requests):
        if limit is not None and not 0 <= limit <= 10_000_000:
            raise Refused("A limit is a number from 0 (none) to 10,000,000.")


def _locked(key: ApiKey) -> ApiKey:
    stored = ApiKey.objects.select_for_update(of=["self"]).select_related("workspace").get(pk=key.pk)
    if stored.is_revoked:
        raise Refused("This key is revoked: it cannot be changed, and does not come back.")
    return stored


def _new_secret(key_id: str) -> str:
    """160 random bits; 57 characters in all, as Fyno's client library refuses keys of more than 60."""
    return f"{PREFIX}_{key_id}_{secrets.token_hex(20)}"


def _hash(secret: str) -> str:
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _audit(key: ApiKey, verb: str, actor: Operator | None, **details: Any) -> None:
    AuditEntry.objects.create(
        workspace=key.workspace,
        operator=actor,
        actor=str(actor or ""),
        verb=verb,
        subject=str(key),
        details=details,
    )
