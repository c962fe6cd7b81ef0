"""The one way out: every deletion of profiles, from any door, goes through `erase_profiles`."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from profiles.models import AuditEntry, DeletionReceipt, Operator, Workspace

# Locked in the order in which `write_profiles` locks, so that the two never wait for each other.
_LOCK: Final = """
    SELECT id FROM profiles_profile WHERE workspace_id = %s AND id = ANY(%s) ORDER BY id FOR UPDATE
"""
# Tables of what goes with a profile; each has an index that begins with the profile's id.
_OWNED: Final = ("profiles_identifier", "profiles_profilechange")


@transaction.atomic
def erase_profiles(
    workspace: Workspace,
    ids: Iterable[UUID],
    *,
    source: str,
    actor: Operator | None,
    reason: str = "",
    filter: str = "",
) -> DeletionReceipt:
    """Erase the workspace's profiles of these ids with everything they own, for good; returns the receipt.

    Ids that are not (any more) of this workspace are passed over: `receipt.count` says how many there were.
    `filter` is the query string that found them, for the receipt. Erasing twice erases nothing more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [workspace.pk, sorted(set(ids))])
        found = [row[0] for row in cursor]
        if found:
            for table in _OWNED:
                cursor.execute(f"DELETE FROM {table} WHERE profile_id = ANY(%s)", [found])
            cursor.execute("DELETE FROM profiles_profile WHERE id = ANY(%s)", [found])
    name = actor.get_username() if actor else ""
    receipt = DeletionReceipt.objects.create(
        workspace=workspace,
        at=timezone.now(),
        operator=actor,
        actor=name,
        door=source,
        reason=reason,
        count=len(found),
        filter=filter,
        ids_hash=hash_of(found),
    )
    AuditEntry.objects.create(
        workspace=workspace,
        operator=actor,
        actor=name,
        verb="erase",
        subject=f"{len(found)} profiles",
        details={"receipt": str(receipt.pk), "reason": reason},
    )
    return receipt


def hash_of(ids: Iterable[UUID]) -> str:
    """The SHA-256 (hexadecimal) of the ids as text, sorted, joined by line ends."""
    return sha256("\n".join(sorted(map(str, ids))).encode()).hexdigest()
