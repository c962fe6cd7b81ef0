"""The one way out: every deletion of profiles, from any door, goes through here."""

from collections.abc import Iterable, Sequence
from functools import reduce
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
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
# With the tables of what goes with a profile; each has an index that begins with the profile's id. In one
# statement, as to read thousands of ids takes a while each time.
_DELETE: Final = """
    WITH gone AS MATERIALIZED (SELECT unnest(%s::uuid[]) AS gone_id),
    names AS (DELETE FROM profiles_identifier USING gone WHERE profile_id = gone_id),
    history AS (DELETE FROM profiles_profilechange USING gone WHERE profile_id = gone_id),
    merges AS (DELETE FROM profiles_merge USING gone WHERE profile_id = gone_id)
    DELETE FROM profiles_profile USING gone WHERE id = gone_id
"""
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
        workspace,
        source=source,
        actor=actor,
        reason=reason,
        filter=filter,
        is_denied=deny,
        count=len(found),
        ids_hash=hash_on("", sorted(found)),
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
    job: Job, found: Sequence[str], *, source: str, reason: str = "", filter: str = "", deny: bool = False
) -> None:
    """Erase profiles for a job, in its transaction, and count them on the one receipt of the job.

    `found`: ids as text, which the caller has locked FOR UPDATE and found to be of the workspace, each once.
    Their hash comes by `link_ids`; the audit entry is that of the job's end.
    """
    _take_out(job.workspace, found, deny=deny)
    # Batches side by side make the receipt or add to it in turns.
    Job.objects.select_for_update().only("pk").get(pk=job.pk)
    counted = F("count") + len(found)
    if not DeletionReceipt.objects.filter(job=job).update(at=timezone.now(), count=counted):
        _receipt(
            job.workspace,
            source=source,
            actor=job.by,
            reason=reason,
            filter=filter,
            is_denied=deny,
            count=len(found),
            job=job,
        )


def link_ids(job: Job, ids: Iterable[str]) -> None:
    """Go on with the hash of the job's receipt, if it has one, by ids as text, in their order."""
    if receipt := DeletionReceipt.objects.filter(job=job).first():
        receipt.ids_hash = hash_on(receipt.ids_hash, ids)
        receipt.save(update_fields=["ids_hash"])


def take_in(absorbed: Profile) -> None:
    """Remove a profile's row and its names, for a merge or another distinct ID: without a receipt.

    In the transaction of the caller, who has locked the row, keeps all other writers of the workspace
    waiting, and lets another profile have everything that was this one's.
    """
    Identifier.objects.filter(profile=absorbed).delete()
    Profile.objects.filter(pk=absorbed.pk).delete()


def hash_of(ids: Iterable[UUID]) -> str:
    """The hash of a receipt (see DeletionReceipt) for these ids, in whatever order they are given."""
    return hash_on("", sorted(map(str, ids)))


def hash_on(known: str, ids: Iterable[str]) -> str:
    """Go on with a receipt's hash, by ids as text in their order, each behind those that it knows."""
    return reduce(_link, ids, bytes.fromhex(known)).hex()


def _link(before: bytes, key: str) -> bytes:
    return sha256(before + key.encode()).digest()


def _take_out(workspace: Workspace, found: Sequence[str], *, deny: bool) -> None:
    if not found:
        return
    ids = f"{{{','.join(found)}}}"
    denied = _with_absorbed(workspace, found) if deny else ""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [ids])
        if deny:
            cursor.execute(_DENY, [workspace.pk, denied])


def _with_absorbed(workspace: Workspace, found: Sequence[str]) -> str:
    """The ids, and those that their absorbed distinct IDs would have, as PostgreSQL writes an array."""
    absorbed = Identifier.objects.filter(
        profile_id__in=found, kind=IdentifierKind.DISTINCT_ID, source="", type=""
    ).values_list("profile__environment", "value")
    keys = {str(profile_id(workspace, environment, value)) for environment, value in absorbed}
    return f"{{{','.join(sorted({*found, *keys}))}}}"


def _receipt(workspace: Workspace, *, source: str, actor: Actor | None, **facts: Any) -> DeletionReceipt:
    return DeletionReceipt.objects.create(
        workspace=workspace,
        at=timezone.now(),
        operator=operator_of(actor),
        actor=actor.get_username() if actor else "",
        door=source,
        **facts,
    )
