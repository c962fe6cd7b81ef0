"""The one way out: every deletion of profiles, from any door, goes through here."""

from collections.abc import Iterable
from functools import reduce
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from profiles.models import (
    Actor,
    AuditEntry,
    DeletionReceipt,
    Identifier,
    IdentifierKind,
    Job,
    Profile,
    Workspace,
    operator_of,
    profile_id,
)

# Locked in the order in which `write_profiles` locks, so that the two never wait for each other. Each row is
# found by the primary key: for `id = ANY(...)` with thousands of ids PostgreSQL reads all of another index;
# and with the workspace beside the id all of that workspace's, where it takes it for small. The ids stay
# texts: as many UUID objects would take longer than the deletion.
_LOCK: Final = """
    SELECT locked.id::text
    FROM (SELECT DISTINCT unnest(%s::uuid[]) AS id ORDER BY id) AS wanted
    CROSS JOIN LATERAL (
        SELECT id, workspace_id FROM profiles_profile WHERE id = wanted.id OFFSET 0 FOR UPDATE
    ) AS locked
    WHERE locked.workspace_id = %s
"""
_DELETE: Final = "DELETE FROM {table} USING unnest(%s::uuid[]) AS gone(gone_id) WHERE {key} = gone_id"
# Tables of what goes with a profile; each has an index that begins with the profile's id.
_OWNED: Final = ("profiles_identifier", "profiles_profilechange", "profiles_merge")
# In the order of the ids, as everything, so that two erasures never wait for each other.
_DENY: Final = """
    INSERT INTO profiles_erasedid (profile_id, workspace_id, at)
    SELECT gone, %s, now() FROM unnest(%s::uuid[]) AS gone ON CONFLICT (profile_id) DO NOTHING
"""


@transaction.atomic
def erase_profiles(
    workspace: Workspace,
    ids: Iterable[UUID],
    *,
    source: str,
    actor: Actor | None,
    reason: str = "",
    filter: str = "",
    deny: bool = False,
) -> DeletionReceipt:
    """Erase the workspace's profiles of these ids with everything they own, for good; returns the receipt.

    Ids that are not (any more) of this workspace are passed over: `receipt.count` says how many there were.
    `filter` is the query string that found them, for the receipt; `deny` refuses their distinct IDs from now
    on. Erasing twice erases nothing more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"{{{','.join([key.hex for key in ids])}}}", workspace.pk])
        found = [key for (key,) in cursor.fetchall()]
    _take_out(workspace, found, deny=deny)
    receipt = _receipt(
        workspace, source=source, actor=actor, reason=reason, filter=filter, is_denied=deny, found=found
    )
    AuditEntry.objects.create(
        workspace=workspace,
        operator=receipt.operator,
        actor=receipt.actor,
        verb="erase",
        subject=f"{len(found)} profiles",
        details={"receipt": str(receipt.pk), "reason": reason},
    )
    return receipt


def erase_batch(
    job: Job, found: list[str], *, source: str, reason: str = "", filter: str = "", deny: bool = False
) -> None:
    """Erase profiles for a job, in its transaction, and note them on the one receipt of the job.

    `found`: ids as text, which the caller has locked FOR UPDATE and found to be of the workspace; the batches
    of a job come in the order of the ids, each id once. The audit entry is that of the job's end.
    """
    _take_out(job.workspace, found, deny=deny)
    receipt = DeletionReceipt.objects.filter(job=job).first()
    if not receipt:
        _receipt(
            job.workspace,
            source=source,
            actor=job.by,
            reason=reason,
            filter=filter,
            is_denied=deny,
            found=found,
            job=job,
        )
        return
    DeletionReceipt.objects.filter(pk=receipt.pk).update(
        at=timezone.now(), count=receipt.count + len(found), ids_hash=hash_on(receipt.ids_hash, found)
    )


def take_in(absorbed: Profile) -> None:
    """Remove a profile's row and its names, for a merge or another distinct ID: without a receipt.

    In the transaction of the caller, who has locked the row, keeps all other writers of the workspace
    waiting, and lets another profile have everything that was this one's.
    """
    Identifier.objects.filter(profile=absorbed).delete()
    Profile.objects.filter(pk=absorbed.pk).delete()


def hash_of(ids: Iterable[UUID]) -> str:
    """The hash of a receipt (see DeletionReceipt) for these ids, in whatever order they are given."""
    return hash_on("", map(str, ids))


def hash_on(known: str, ids: Iterable[str]) -> str:
    """Go on with a receipt's hash, by ids as text, each behind those that it knows."""
    return reduce(_link, sorted(ids), bytes.fromhex(known)).hex()


def _link(before: bytes, key: str) -> bytes:
    return sha256(before + key.encode()).digest()


def _take_out(workspace: Workspace, found: list[str], *, deny: bool) -> None:
    if not found:
        return
    ids = f"{{{','.join(found)}}}"
    denied = _with_absorbed(workspace, found) if deny else ""
    with connection.cursor() as cursor:
        for table in _OWNED:
            cursor.execute(_DELETE.format(table=table, key="profile_id"), [ids])
        cursor.execute(_DELETE.format(table="profiles_profile", key="id"), [ids])
        if deny:
            cursor.execute(_DENY, [workspace.pk, denied])


def _with_absorbed(workspace: Workspace, found: list[str]) -> str:
    """The ids, and those that their absorbed distinct IDs would have, as PostgreSQL writes an array."""
    absorbed = Identifier.objects.filter(
        profile_id__in=found, kind=IdentifierKind.DISTINCT_ID, source="", type=""
    ).values_list("profile__environment", "value")
    keys = {str(profile_id(workspace, environment, value)) for environment, value in absorbed}
    return f"{{{','.join(sorted({*found, *keys}))}}}"


def _receipt(
    workspace: Workspace, *, source: str, actor: Actor | None, found: list[str], **facts: Any
) -> DeletionReceipt:
    return DeletionReceipt.objects.create(
        workspace=workspace,
        at=timezone.now(),
        operator=operator_of(actor),
        actor=actor.get_username() if actor else "",
        door=source,
        count=len(found),
        ids_hash=hash_on("", found),
        **facts,
    )
