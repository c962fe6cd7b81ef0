"""Whom a row is about, where something else than the distinct ID tells: e-mail, phone, another identifier."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from profiles.models import IdentifierKind, Workspace, new_distinct_id, profile_id
from profiles.queries.names import absorbed_ids

from ..identifiers import name_id
from ..rows import Mode, Outcome, ProfileRow

_NO_ID: Final = UUID(int=0)
_ENOUGH: Final = 10
# Imports that match by other names than the distinct ID follow one another, batch by batch, so that two of
# them do not both create a person whom neither found.
_ALONE: Final = "SELECT pg_advisory_xact_lock(%s, -2)"
# Each reads an index: profile_email, profile_phone, and the primary key of identifiers.
_BY_COLUMN: Final = """
    SELECT wanted.environment, wanted.value, found.id, found.distinct_id
    FROM unnest(%(environments)s::text[], %(values)s::text[]) AS wanted(environment, value)
    CROSS JOIN LATERAL (
        SELECT id, distinct_id FROM profiles_profile
        WHERE workspace_id = %(workspace)s AND {condition} AND environment = wanted.environment
        LIMIT {enough}
    ) AS found
"""
_CONDITIONS: Final = {
    "email": "lower(email) = lower(wanted.value)",
    "phone": "phone = wanted.value AND phone <> ''",
}
_BY_NAME: Final = """
    SELECT i.id, p.id, p.distinct_id
    FROM profiles_identifier i JOIN profiles_profile p ON p.id = i.profile_id
    WHERE i.id = ANY(%s)
"""
COLUMNS: Final = {"email": IdentifierKind.EMAIL.value, "phone": IdentifierKind.PHONE.value}
"""What is also a property, with the kind of identifier that means the same."""
_LABELS: Final = {"email": "e-mail", "phone": "phone number"}


class Key(NamedTuple):
    """What a row is matched by: a value of the property, or else the id of an identifier."""

    environment: str
    value: str
    name: UUID | None = None


class Found(NamedTuple):
    id: UUID
    distinct_id: str


@dataclass(slots=True)
class Wanted:
    """A row, its place, and what to find its profile by."""

    index: int
    row: ProfileRow
    keys: list[Key]


People = Mapping[Key, set[Found]]
Find = Callable[[set[Key]], People]
Write = Callable[[Sequence[ProfileRow]], list[Outcome]]


@dataclass(slots=True)
class Matching:
    """Writes rows to whom they match, each as if those before it had been written already.

    Rows about different people are written together; a row that depends on what one before it is about to
    do waits for the next round.
    """

    workspace: Workspace
    match: str
    mode: Mode
    find: Find

    def write(self, rows: Sequence[ProfileRow], write: Write) -> list[Outcome]:
        """In the transaction of the caller."""
        with connection.cursor() as cursor:
            cursor.execute(_ALONE, [self.workspace.pk % 2**31])
        outcomes: dict[int, Outcome] = {}
        waiting = [Wanted(index, row, self.keys(row)) for index, row in enumerate(rows)]
        while waiting:
            ready, waiting = self._round(waiting, outcomes)
            written = write([wanted.row for wanted in ready])
            outcomes.update(zip((wanted.index for wanted in ready), written, strict=True))
        return [outcomes[index] for index in range(len(rows))]

    def keys(self, row: ProfileRow) -> list[Key]:
        value = row.values.get(self.match) if self.match in COLUMNS else None
        kind = COLUMNS.get(self.match, self.match)
        named = [
            Key(row.environment, name.value, name_id(self.workspace, row, name))
            for name in row.identifiers
            if name.kind == kind
        ]
        return ([Key(row.environment, value.lower())] if value else []) + named

    def _round(
        self, waiting: Sequence[Wanted], outcomes: dict[int, Outcome]
    ) -> tuple[list[Wanted], list[Wanted]]:
        """Those who can be written now, with their distinct IDs, and those who have to wait for them."""
        found = self.find({key for wanted in waiting for key in wanted.keys})
        ready: list[Wanted] = []
        later: list[Wanted] = []
        made: dict[Key, str] = {}
        unsettled: set[Any] = set()
        for wanted in waiting:
            people = {person for key in wanted.keys for person in found.get(key, ())}
            own = self._own_id(wanted.row)
            about = {*wanted.keys, *(person.id for person in people), *own}
            if not unsettled.isdisjoint(about) or (own and not made.keys().isdisjoint(wanted.keys)):
                later.append(wanted)
                unsettled |= about
            elif reason := self._refusal(wanted, people):
                outcomes[wanted.index] = Outcome("refused", _NO_ID, wanted.row.distinct_id, [reason])
            else:
                if _changes_what_is_matched(wanted, people, found):
                    unsettled |= about
                ready.append(replace(wanted, row=_named(wanted, people, made)))
        return ready, later

    def _refusal(self, wanted: Wanted, people: set[Found]) -> str:
        label, row = _LABELS.get(self.match, self.match), wanted.row
        if not wanted.keys:
            return f"The row has no {label}, by which its profile would be found."
        value = wanted.keys[0].value
        if len(people) > 1:
            return f"Several profiles have the {label} “{value}”: nobody can tell which one is meant."
        if not people and self.mode == "update":
            return f"There is no {row.environment} profile with the {label} “{value}”."
        for person in people:
            if row.distinct_id not in ("", person.distinct_id) and not self._is_former(row, person):
                return (
                    f"The {label} “{value}” belongs to the profile “{person.distinct_id}”, "
                    f"not to “{row.distinct_id}”."
                )
        return ""

    def _is_former(self, row: ProfileRow, person: Found) -> bool:
        """Whether the row calls the person by a distinct ID that was absorbed."""
        if not self.workspace.has_absorbed:
            return False
        owners = absorbed_ids(self.workspace, row.environment, [row.distinct_id])
        return owners.get(row.distinct_id) == person.id

    def _own_id(self, row: ProfileRow) -> set[UUID]:
        return {profile_id(self.workspace, row.environment, row.distinct_id)} if row.distinct_id else set()


def _changes_what_is_matched(wanted: Wanted, people: set[Found], found: People) -> bool:
    """Whether somebody who exists already gets the value by which others may be looked for."""
    if not people:
        return bool(wanted.row.distinct_id)
    return any(key.name is None and key not in found for key in wanted.keys)


def _named(wanted: Wanted, people: set[Found], made: dict[Key, str]) -> ProfileRow:
    """The row with the distinct ID of its profile; a new one is remembered for the rows that follow."""
    for person in people:
        return replace(wanted.row, distinct_id=person.distinct_id)
    if wanted.row.distinct_id:
        return wanted.row
    known = next((made[key] for key in wanted.keys if key in made), None)
    distinct_id = known or new_distinct_id()
    made.update(dict.fromkeys(wanted.keys, distinct_id))
    return replace(wanted.row, distinct_id=distinct_id)


def finder(workspace: Workspace, match: str) -> Find:
    """Looks for stored profiles."""

    def find(keys: set[Key]) -> People:
        found: dict[Key, set[Found]] = {}
        if match in COLUMNS:
            _find_by_column(workspace, match, [key for key in keys if key.name is None], found)
        by_name = {key.name: key for key in keys if key.name}
        for name, person in _named_people(by_name):
            found.setdefault(by_name[name], set()).add(person)
        return found

    return find


def _find_by_column(
    workspace: Workspace, match: str, keys: Sequence[Key], found: dict[Key, set[Found]]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_COLUMN.format(condition=_CONDITIONS[match], enough=_ENOUGH),
            {
                "environments": [key.environment for key in keys],
                "values": [key.value for key in keys],
                "workspace": workspace.pk,
            },
        )
        for environment, value, *person in cursor:
            found.setdefault(Key(environment, value), set()).add(Found(*person))


def _named_people(names: Iterable[UUID]) -> list[tuple[UUID, Found]]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_NAME, [list(names)])
        return [(name, Found(*person)) for name, *person in cursor]
