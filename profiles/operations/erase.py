"""The one way out: every deletion of profiles, from any door, goes through `erase_profiles`."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from profiles.models import AuditEntry, DeletionReceipt, Operator, Workspace

# Locked in the order in which `write_profiles` locks, so that the two never wait for each other. Each row is
# found by the primary key: for `id = ANY(...)` with thousands of ids PostgreSQL reads all of another index.
# The ids stay there, as the text of an array: as many Python objects would take longer than the deletion.
_LOCK: Final = """
    WITH found AS MATERIALIZED (
        SELECT locked.id
        FROM (SELECT DISTINCT unnest(%s::uuid[]) AS id ORDER BY id) AS wanted
        CROSS JOIN LATERAL (
            SELECT id FROM profiles_profile WHERE id = wanted.id AND workspace_id = %s FOR UPDATE
        ) AS locked
    )
    SELECT count(*), coalesce(array_agg(id), '{}')::text,
        encode(sha256(convert_to(coalesce(string_agg(id::text, E'\n' ORDER BY id), ''), 'UTF8')), 'hex')
    FROM found
"""
_DELETE: Final = "DELETE FROM {table} USING unnest(%s::uuid[]) AS gone(gone_id) WHERE {key} = gone_id"
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
        cursor.execute(_LOCK, [f"{{{','.join([key.hex for key in ids])}}}", workspace.pk])
        count, found, ids_hash = cursor.fetchone()
        if count:
            for table in _OWNED:
                cursor.execute(_DELETE.format(table=table, key="profile_id"), [found])
            cursor.execute(_DELETE.format(table="profiles_profile", key="id"), [found])
    name = actor.get_username() if actor else ""
    receipt = DeletionReceipt.objects.create(
        workspace=workspace,
        at=timezone.now(),
        operator=actor,
        actor=name,
        door=source,
        reason=reason,
        count=count,
        filter=filter,
        ids_hash=ids_hash,
    )
    AuditEntry.objects.create(
        workspace=workspace,
        operator=actor,
        actor=name,
        verb="erase",
        subject=f"{count} profiles",
        details={"receipt": str(receipt.pk), "reason": reason},
    )
    return receipt


def hash_of(ids: Iterable[UUID]) -> str:
    """The SHA-256 (hexadecimal) of the ids as text, sorted, joined by line ends, as a receipt has it."""
    return sha256("\n".join(sorted(map(str, ids))).encode()).hexdigest()
