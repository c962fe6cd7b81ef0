"""The people of a batch, locked until it commits: whom the selection still means, and why not the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, JSONField, TextField
from django.db.models.functions import Cast

from profiles.models import Profile, PropertyKind, Selection
from profiles.models.profile import ProfileQuerySet
from profiles.operations.selections import fitting
from profiles.queries.columns import JsonValue
from profiles.schema import Field

from .running import Refusal

# Found by the primary key, one by one, and locked in the order of their ids, as `write_profiles` and
# `erase_profiles` do. The filter judges them as they are once they are locked, under the name of their table:
# together with the id, PostgreSQL would rather read the whole workspace for each of them by another index
# where it takes the workspace for small, as it does until it has analysed those who were just imported.
_LOCK: Final = """
    SELECT found.* FROM (SELECT unnest(%s::uuid[]) AS id ORDER BY id) AS wanted
    CROSS JOIN LATERAL (
        WITH profiles_profile AS MATERIALIZED (
            SELECT * FROM profiles_profile WHERE id = wanted.id FOR {lock}
        )
        {found}
    ) AS found
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A selected profile, locked; `id` as text, and `value` that of the property that was asked for."""

    id: str
    environment: str
    distinct_id: str
    value: Any = None


def locked(selection: Selection, ids: Sequence[str], *, property: Field | None = None) -> list[Person]:
    """Those of the ids whom the selection still means, locked against writers until the batch commits."""
    people, names = fitting(selection), ["key", "environment", "distinct_id"]
    if property:
        people, names = people.annotate(value_now=_value_of(property)), [*names, "value_now"]
    rows = _locked(people, names, ids, lock="NO KEY UPDATE")
    is_json = property is not None and not property.is_column
    return [_person(row, is_json=is_json) for row in rows]


def locked_for_good(selection: Selection, ids: Sequence[str]) -> list[str]:
    """The ids of those whom the selection still means, locked for deletion."""
    return [key for (key,) in _locked(fitting(selection), ["key"], ids, lock="UPDATE")]


def astray(selection: Selection, ids: Sequence[str], found: Collection[str]) -> list[Refusal]:
    """Why the others of the ids are left alone."""
    if len(found) == len(ids):
        return []
    missing = set(ids).difference(found)
    left = Profile.objects.filter(workspace=selection.workspace, pk__in=missing)
    names = {str(key): distinct_id for key, distinct_id in left.values_list("pk", "distinct_id")}
    return [_refusal(key, names.get(key)) for key in sorted(missing)]


def as_text(column: str) -> Cast:
    """As many UUID objects would take longer than what is done to the people."""
    return Cast(column, TextField())


def _locked(
    people: ProfileQuerySet, names: Sequence[str], ids: Sequence[str], *, lock: str
) -> list[tuple[Any, ...]]:
    try:
        keyed = people.order_by().annotate(key=as_text("id"))
        found, values = keyed.values(*names).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(found=found, lock=lock), [f"{{{','.join(ids)}}}", *values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _value_of(property: Field) -> Any:
    if property.is_column:
        return F(property.key)
    source = "channels" if property.kind == PropertyKind.CHANNEL else "custom"
    return JsonValue(source, property.key, JSONField())


def _person(row: Sequence[Any], *, is_json: bool) -> Person:
    value = row[3] if len(row) > 3 else None
    return Person(row[0], row[1], row[2], orjson.loads(value) if is_json and value is not None else value)


def _refusal(key: str, distinct_id: str | None) -> Refusal:
    if distinct_id is None:
        return Refusal(["It was deleted meanwhile."], row={"profile": key})
    return Refusal(["It does not match the selection any more."], subject=distinct_id, row={"profile": key})
