"""Updates of stored profiles, a batch in one statement."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from profiles.models import TEXT_COLUMNS
from profiles.queries.prepared import fetch_all, fetch_one
from profiles.queries.records import Record, columns_as

from .recording import INSERT, History
from .state import Person, objects_in, place

_TYPES: Final = {
    "status": "text",
    **dict.fromkeys(TEXT_COLUMNS, "text"),
    "birthday": "date",
    "last_seen_at": "timestamptz",
    "channels": "jsonb",
    "custom": "jsonb",
    "tags": "text[]",
    "sources": "text[]",
}
_UNSET: Final = {**dict.fromkeys(TEXT_COLUMNS, ""), "tags": ()}
_OBJECTS: Final = {"channel": "channels", "custom": "custom"}
# The primary key finds the rows. Each change has a later moment than the one before, by which those who have
# read the row know it again: even where clocks differ, or who began first came last.
_UPDATE: Final = """
    UPDATE profiles_profile p
    SET updated_at = greatest($2::timestamptz, p.updated_at + interval '1 microsecond'){assignments}
    FROM json_to_recordset($1::json) AS r(id uuid{types})
    WHERE p.id = r.id
"""
_WITH_HISTORY: Final = f"""
    WITH changed AS ({{update}} RETURNING {columns_as("p")}), recorded AS ({INSERT % (3, 4, 5, 6, 7)})
    SELECT * FROM changed
"""
# The turn is had before the row is locked. Whoever has changed the row since, or is about to, has given it
# another moment, which PostgreSQL looks at again behind their lock.
_KNOWN: Final = f"""
    WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared($8::int, -1)),
    changed AS (
        {{update}} AND p.updated_at = $9::timestamptz AND EXISTS (SELECT FROM turn)
        RETURNING {columns_as("p")}
    ),
    recorded AS ({INSERT % (3, 4, 5, 6, 7)} WHERE EXISTS (SELECT FROM changed))
    SELECT * FROM changed
"""


def columns_of(paths: Iterable[str]) -> set[str]:
    """Those that hold the values of the paths."""
    return {_OBJECTS[kind] if kind else key for kind, key in map(place, paths)}


def update_people(people: Sequence[Person], columns: Collection[str], *, at: datetime) -> None:
    """Store those `columns` of locked rows that may have changed, as the states of the people have them.

    To spell out all columns of thousands of people took longer than to decide what changes in them.
    """
    statement, records = _update(people, columns)
    fetch_all(statement, [records, at])


def update_few(
    people: Sequence[Person], columns: Collection[str], history: History, *, at: datetime
) -> list[Record]:
    """The same together with the history; returns the rows as they are then."""
    statement, records = _update(people, columns)
    found = fetch_all(_WITH_HISTORY.format(update=statement), [records, at, *history.parameters])
    return [Record._make(row) for row in found]


def update_known(
    person: Person, columns: Collection[str], history: History, *, at: datetime, turn: int, seen: datetime
) -> Record | None:
    """The same for one row that is not locked, in its `turn`; None where it is not as it was `seen` to be."""
    statement, records = _update([person], columns)
    row = fetch_one(_KNOWN.format(update=statement), [records, at, *history.parameters, turn, seen])
    return Record._make(row) if row else None


def _update(people: Sequence[Person], columns: Collection[str]) -> tuple[str, str]:
    """The statement, and its $1."""
    chosen = [name for name in _TYPES if name in columns]
    statement = _UPDATE.format(
        assignments="".join(f", {name} = r.{name}" for name in chosen),
        types="".join(f", {name} {_TYPES[name]}" for name in chosen),
    )
    return statement, orjson.dumps([_record_of(person, chosen) for person in people]).decode()


def _record_of(person: Person, columns: Sequence[str]) -> dict[str, Any]:
    """The columns of a person's row as the JSON that the statement reads."""
    state = person.state
    record = {name: state.get(name, _UNSET.get(name)) for name in columns}
    record["id"] = person.id
    if "channels" in record or "custom" in record:
        record["channels"], record["custom"] = objects_in(state)
    if "sources" in record:
        record["sources"] = person.sources
    return record
