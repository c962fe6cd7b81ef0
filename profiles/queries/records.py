"""Profiles as applications read them: whole rows, by id, by distinct ID, and in pages by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from profiles.models import IdentifierKind, Workspace, identifier_id, profile_id
from profiles.models.profile import ProfileQuerySet

from .counts import CAP
from .keyset import Order, Place, is_upward, walk_keys
from .listing import beyond_place, hits_of
from .names import is_possible, is_text
from .prepared import fetch_one


class Record(NamedTuple):
    """A row as it is stored, in the order of its SELECT; `channels` and `custom` are JSON as text."""

    id: UUID
    distinct_id: str
    environment: str
    status: str
    first_name: str
    last_name: str
    name: str
    email: str
    phone: str
    gender: str
    birthday: date | None
    country: str
    city: str
    language: str
    timezone: str
    avatar_url: str
    title: str
    display_name: str
    tags: list[str]
    sources: list[str]
    channels: str
    custom: str
    created_at: datetime
    updated_at: datetime
    last_seen_at: datetime | None


_AS_TEXT: Final = ("channels", "custom")


def columns_as(table: str) -> str:
    """What a statement selects of a table's row for a Record."""
    return ", ".join(f"{table}.{name}{'::text' if name in _AS_TEXT else ''}" for name in Record._fields)


COLUMNS: Final = columns_as("profiles_profile")
_BY_ID: Final = f"SELECT {COLUMNS} FROM profiles_profile WHERE id = $1 AND workspace_id = $2"
# By primary key, one by one: for `id = ANY(...)` with thousands of ids PostgreSQL reads all of another index.
_BY_IDS: Final = f"""
    SELECT {COLUMNS} FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted (wanted_id, place)
    CROSS JOIN LATERAL (SELECT * FROM profiles_profile WHERE id = wanted_id OFFSET 0) AS profiles_profile
    WHERE workspace_id = %s ORDER BY place
"""
# The primary key of the identifiers begins with their id.
_BY_NAME: Final = f"""
    SELECT {COLUMNS} FROM profiles_profile
    WHERE id = (SELECT profile_id FROM profiles_identifier WHERE id = $1 LIMIT 1) AND workspace_id = $2
"""
# As for the listing: the filter is answered once, by its own indexes, where it may find few.
_AMONG_HITS: Final = """
    WITH hits (id, key) AS MATERIALIZED ({found})
    SELECT number, page.id, {key} FROM (SELECT count(*) AS number FROM hits) AS counted
    LEFT JOIN (
        SELECT id, key FROM hits WHERE {beyond} ORDER BY key {direction} NULLS LAST, id {direction} LIMIT %s
    ) AS page ON TRUE
    ORDER BY page.key {direction} NULLS LAST, page.id {direction}
"""


def record(workspace: Workspace, key: UUID) -> Record | None:
    return _one(_BY_ID, [key, workspace.pk])


def record_named(workspace: Workspace, environment: str, distinct_id: str) -> Record | None:
    """The profile with this distinct ID, or the one that absorbed it: one query, or two."""
    if not is_possible(distinct_id):
        return None
    key = profile_id(workspace, environment, distinct_id)
    return record(workspace, key) or record_identified(
        workspace, environment, kind=IdentifierKind.DISTINCT_ID, value=distinct_id
    )


def record_identified(
    workspace: Workspace, environment: str, *, kind: str, value: str, source: str = "", type: str = ""
) -> Record | None:
    """The profile to which this very identifier belongs."""
    if not all(map(is_text, (kind, value, source, type))):
        return None
    key = identifier_id(workspace, environment, source=source, type=type, kind=kind, value=value)
    return _one(_BY_NAME, [key, workspace.pk])


def records(workspace: Workspace, keys: Sequence[UUID]) -> list[Record]:
    """Those that there are, in the order of `keys`."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_IDS, [list(keys), workspace.pk])
        return [Record._make(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`next` is where the next page begins; None at the end."""

    records: list[Record]
    next: Place | None


def record_page(
    workspace: Workspace,
    found: ProfileQuerySet,
    *,
    order: Order,
    place: Place,
    size: int,
    is_narrow: bool,
) -> RecordPage:
    """The page of `found` at `place`. `is_narrow`: the filter may be rare, so it is answered first.

    A page deep down costs what the first one does, and what is written meanwhile neither repeats nor hides a
    row whose sort key stays as it is.
    """
    is_above_cap = place.is_above_cap
    if is_narrow and not is_above_cap:
        number, pairs = _among_hits(found, order, place, size + 1)
        is_above_cap = number > CAP
    if is_above_cap:
        pairs = _walk_many(found, order, place, size + 1)
    elif not is_narrow:
        pairs = walk_keys(found, order, place, size + 1)
    page = pairs[:size]
    last = Place(key=page[-1][1], id=page[-1][0], is_above_cap=is_above_cap) if len(pairs) > size else None
    return RecordPage(records(workspace, [key for key, _ in page]), last)


def _one(statement: str, parameters: list[Any]) -> Record | None:
    row = fetch_one(statement, parameters)
    return Record._make(row) if row else None


def _among_hits(
    found: ProfileQuerySet, order: Order, place: Place, number: int
) -> tuple[int, list[tuple[UUID, Any]]]:
    """How many were found (CAP + 1 for more), and the next of them with their keys."""
    try:
        inner, parameters = hits_of(found, order)
    except EmptyResultSet:
        return 0, []
    beyond, values = beyond_place(order, place)
    direction = "ASC" if is_upward(place, order) else "DESC"
    sql = _AMONG_HITS.format(
        found=inner,
        beyond=beyond,
        direction=direction,
        key="page.key::text" if order.column.key else "page.key",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *values, number])
        rows = cursor.fetchall()
    return rows[0][0], [(pk, key) for _, pk, key in rows if pk]


def _walk_many(found: ProfileQuerySet, order: Order, place: Place, number: int) -> list[tuple[UUID, Any]]:
    """The walk, where many match: in the order of an index, if there is one, a page is soon full."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        return walk_keys(found, order, place, number)
