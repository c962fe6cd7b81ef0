"""Selections by a list of distinct IDs that somebody brings."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from profiles.errors import Refused
from profiles.exports.guard import guarded_in_sql
from profiles.models import (
    FileRole,
    IdentifierKind,
    Operator,
    Selection,
    StoredFile,
    Workspace,
    identifier_id,
    profile_id,
)

from .copying import copy_line, copy_rows
from .selections import KEPT_FOR, clear_old_selections

SHOWN_UNKNOWN: Final = 50
_CHUNK: Final = 10_000

# `id` is the profile that the value names, `absorbed` the identifier that an absorbed distinct ID has.
_STAGE: Final = """
    CREATE TEMPORARY TABLE listed (id uuid, absorbed uuid, value text, line bigserial) ON COMMIT DROP
"""
# Both find by primary key.
_FIND: Final = """
    INSERT INTO profiles_selectionmember (selection_id, profile_id)
    SELECT DISTINCT %(selection)s, profile.id
    FROM listed JOIN profiles_profile profile ON profile.id = listed.id
    WHERE profile.workspace_id = %(workspace)s
"""
_FIND_ABSORBED: Final = """
    INSERT INTO profiles_selectionmember (selection_id, profile_id)
    SELECT DISTINCT %(selection)s, profile.id
    FROM listed
    JOIN profiles_identifier identifier ON identifier.id = listed.absorbed
    JOIN profiles_profile profile ON profile.id = identifier.profile_id
    WHERE profile.workspace_id = %(workspace)s
        AND NOT EXISTS (SELECT FROM profiles_profile WHERE id = listed.id)
    ON CONFLICT DO NOTHING
"""
_UNKNOWN: Final = """
    CREATE TEMPORARY TABLE unlisted ON COMMIT DROP AS
    SELECT value, min(line) AS line FROM listed
    WHERE NOT EXISTS (SELECT FROM profiles_profile WHERE id = listed.id)
        AND NOT EXISTS (
            SELECT FROM profiles_identifier identifier
            JOIN profiles_profile profile ON profile.id = identifier.profile_id
            WHERE identifier.id = listed.absorbed
        )
    GROUP BY value
"""
_COUNT: Final = """
    SELECT (SELECT count(*) FROM listed), (SELECT count(DISTINCT id) FROM listed),
        (SELECT count(*) FROM profiles_selectionmember WHERE selection_id = %s),
        (SELECT count(*) FROM unlisted)
"""
_SOME_UNKNOWN: Final = "SELECT value FROM unlisted ORDER BY line LIMIT %s"
_ALL_UNKNOWN: Final = f"""
    COPY (SELECT {guarded_in_sql("value")} FROM unlisted ORDER BY line) TO STDOUT WITH (FORMAT csv)
"""


@transaction.atomic
def select_list(
    workspace: Workspace, ids: Iterable[str], *, operator: Operator | None, environment: str
) -> Selection:
    """Find the profiles of these distinct IDs, live or test, and keep them as a selection.

    Its `listed` has `given` (how many lines), `repeated`, `found` (profiles), `unknown`, `first_unknown` and
    `environment`; many unknown ones are kept as a file. Raises Refused where there is no ID at all.
    """
    clear_old_selections(operator)
    selection = Selection.objects.create(
        workspace=workspace, operator=operator, is_list=True, is_everything=True, mark=Now()
    )
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        if not _stage(workspace, ids, environment):
            raise Refused("There is no ID in this list: it needs one a line.")
        cursor.execute("ANALYZE listed")
        about: dict[str, UUID | int] = {"selection": selection.pk, "workspace": workspace.pk}
        cursor.execute(_FIND, about)
        cursor.execute(_FIND_ABSORBED, about)
        cursor.execute(_UNKNOWN)
        cursor.execute(_COUNT, [selection.pk])
        given, distinct, found, unknown = cursor.fetchone()
        cursor.execute(_SOME_UNKNOWN, [SHOWN_UNKNOWN])
        some = [value for (value,) in cursor.fetchall()]
    selection.listed = {
        "environment": environment,
        "given": given,
        "repeated": given - distinct,
        "found": found,
        "unknown": unknown,
        "first_unknown": some,
    }
    selection.unknown_file = _keep_unknown(workspace, operator) if unknown > len(some) else None
    selection.save(update_fields=["listed", "unknown_file"])
    selection.refresh_from_db()
    return selection


def _stage(workspace: Workspace, ids: Iterable[str], environment: str) -> int:
    values, number = iter(ids), 0
    while chunk := list(islice(values, _CHUNK)):
        copy_rows("listed", ("id", "absorbed", "value"), [_line(workspace, environment, v) for v in chunk])
        number += len(chunk)
    return number


def _line(workspace: Workspace, environment: str, value: str) -> str:
    """PostgreSQL stores no NUL, so that an ID with one names nobody."""
    value = value.replace("\0", "\ufffd")
    absorbed = identifier_id(workspace, environment, kind=IdentifierKind.DISTINCT_ID, value=value)
    return copy_line([profile_id(workspace, environment, value).hex, absorbed.hex, value])


def _keep_unknown(workspace: Workspace, operator: Operator | None) -> StoredFile:
    stored = StoredFile(
        workspace=workspace,
        operator=operator,
        role=FileRole.EXPORT,
        name="unknown-ids.csv",
        expires_at=timezone.now() + KEPT_FOR,
    )
    stored.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored.size = _write(stored.path)
    stored.save(force_insert=True)
    return stored


def _write(path: Path) -> int:
    size = 0
    with connection.cursor() as cursor, cursor.copy(_ALL_UNKNOWN) as copy, path.open("wb") as file:
        for piece in copy:
            size += file.write(piece)
    return size
