"""The one way in: every write of a profile, from any door, goes through `write_profiles`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone

from profiles.models import Deed, Identifier, Operator, Status, Workspace, new_distinct_id, profile_id
from profiles.schema import Schema, schema_of

from .identifiers import give_names, hold_names, name_id
from .rows import Mode, NewIdentifier, Outcome, OutcomeStatus, ProfileRow
from .state import (
    TEXT_COLUMNS,
    Person,
    State,
    apply,
    changes_of,
    differs,
    record_of,
    state_of,
    tags_in,
    too_many_tags,
)
from .tags import register_tags

__all__ = ["NewIdentifier", "Outcome", "ProfileRow", "write_profiles"]

# Writers of a workspace share this lock. One that was overtaken in creating a profile tries again alone.
_SHARE: Final = "SELECT pg_advisory_xact_lock_shared(%s, -1)"
_ALONE: Final = "SELECT pg_advisory_xact_lock(%s, -1)"
_READ = ("status", *TEXT_COLUMNS, "channels", "custom", "tags", "sources")
# The primary key finds the rows; the order by id is the order in which they are locked, the same for all
# writers, so that two of them never wait for each other.
_LOCK = f"""
    SELECT id, birthday::text AS birthday, last_seen_at, {", ".join(_READ)}
    FROM profiles_profile WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
_COLUMNS = {
    "status": "text",
    **dict.fromkeys(TEXT_COLUMNS, "text"),
    "birthday": "date",
    "last_seen_at": "timestamptz",
    "channels": "jsonb",
    "custom": "jsonb",
    "tags": "text[]",
    "sources": "text[]",
}
_RECORDS = f"""json_to_recordset(%(records)s::json) AS r(id uuid, environment text, distinct_id text,
    created_at timestamptz, {", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})"""
_INSERT = f"""
    INSERT INTO profiles_profile
        (id, workspace_id, environment, distinct_id, created_at, updated_at, {", ".join(_COLUMNS)})
    SELECT id, %(workspace)s, environment, distinct_id, created_at, %(at)s, {", ".join(_COLUMNS)}
    FROM {_RECORDS} ORDER BY id ON CONFLICT (id) DO NOTHING
"""
_UPDATE = f"""
    UPDATE profiles_profile p SET updated_at = %(at)s, {", ".join(f"{name} = r.{name}" for name in _COLUMNS)}
    FROM {_RECORDS} WHERE p.id = r.id
"""
_RECORD_HISTORY = """
    INSERT INTO profiles_profilechange (profile_id, at, deed, door, operator_id, actor, old, new)
    SELECT profile_id, %(at)s, deed, %(door)s, %(operator)s, %(actor)s, old, new
    FROM json_to_recordset(%(changes)s::json) AS r(profile_id uuid, deed text, old jsonb, new jsonb)
"""


class _Overtaken(Exception):
    """Somebody else created one of the batch's profiles between our look and our insert."""


def write_profiles(
    workspace: Workspace,
    rows: Sequence[ProfileRow],
    *,
    mode: Mode,
    source: str,
    actor: Operator | None,
) -> list[Outcome]:
    """Write validated rows, and their history, in one transaction; one outcome per row, in order.

    `mode`: "create" refuses profiles that exist, "update" refuses those that do not, "upsert" takes both,
    "replace" does too and clears what a row does not give. The same profile may come more than once: later
    rows apply on top of earlier ones. What does not differ is not written, and a profile that does not change
    gets no history. The number of statements does not depend on the number of rows.
    """
    try:
        with transaction.atomic():
            return _Batch(workspace, rows, mode, source, actor).write(_SHARE)
    except _Overtaken:
        with transaction.atomic():
            return _Batch(workspace, rows, mode, source, actor).write(_ALONE)


@dataclass(slots=True)
class _Batch:
    workspace: Workspace
    rows: Sequence[ProfileRow]
    mode: Mode
    source: str
    actor: Operator | None
    at: datetime = field(default_factory=timezone.now)
    people: dict[UUID, Person] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    holders: dict[UUID, UUID] = field(default_factory=dict)
    given: list[Identifier] = field(default_factory=list)
    spelling: dict[str, str] = field(default_factory=dict)
    schema: Schema = field(init=False)

    def write(self, turn: str) -> list[Outcome]:
        """Wait for our `turn` (_SHARE or _ALONE), then do the work; raises _Overtaken."""
        with connection.cursor() as cursor:
            cursor.execute(turn, [self.workspace.pk % 2**31])
        self.schema = schema_of(self.workspace)
        named = [(row, self._person(row)) for row in self.rows]
        self.holders = hold_names(self.workspace, self.rows)
        self.spelling = register_tags(self.workspace, tags_in(self.rows))
        self._lock()
        outcomes = [self._outcome(row, person) for row, person in named]
        self._store()
        give_names(self.given)
        return outcomes

    def _person(self, row: ProfileRow) -> Person:
        distinct_id = row.distinct_id or new_distinct_id()
        key = profile_id(self.workspace, row.environment, distinct_id)
        return self.people.setdefault(key, Person(key, row.environment, distinct_id))

    def _lock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [f"{{{','.join(map(str, self.people))}}}"])
            names = [column.name for column in cursor.description]
            for values in cursor:
                columns = dict(zip(names, values, strict=True))
                if columns["last_seen_at"]:
                    columns["last_seen_at"] = columns["last_seen_at"].isoformat()
                person = self.people[columns["id"]]
                person.state, person.sources = state_of(columns), columns["sources"]
                person.exists = person.is_stored = True

    def _outcome(self, row: ProfileRow, person: Person) -> Outcome:
        changes = changes_of(person.state, row, mode=self.mode, spelling=self.spelling)
        conflicts = {
            path: person.state.get(path)
            for path, value in (row.expected or {}).items()
            if differs(person.state.get(path), value)
        }
        if reasons := self._reasons(row, person, changes, conflicts):
            return Outcome("refused", person.id, person.distinct_id, reasons, conflicts=conflicts)
        names = self._new_names(row, person)
        if person.exists and not changes and not names:
            return Outcome("unchanged", person.id, person.distinct_id)
        status: OutcomeStatus = "updated" if person.exists else "created"
        self._change(row, person, changes, names)
        return Outcome(status, person.id, person.distinct_id, changed=tuple(changes))

    def _new_names(self, row: ProfileRow, person: Person) -> list[str]:
        """Give the row's names that nobody has to the person; returns them."""
        new = []
        for name in row.identifiers:
            key = name_id(self.workspace, row, name)
            if key not in self.holders:
                self.holders[key] = person.id
                self.given.append(
                    Identifier(
                        id=key,
                        profile_id=person.id,
                        source=name.source,
                        type=name.type,
                        kind=name.kind,
                        value=name.value,
                        created_at=self.at,
                    )
                )
                new.append(f"{name.kind} {name.value}")
        return new

    def _reasons(self, row: ProfileRow, person: Person, changes: State, conflicts: State) -> list[str]:
        if self.mode == "create" and person.exists:
            return [
                f"A {person.environment} profile with the distinct ID “{person.distinct_id}” exists already."
            ]
        if self.mode == "update" and not person.exists:
            return [f"There is no {person.environment} profile with the distinct ID “{person.distinct_id}”."]
        if conflicts:
            return [f"{self._label(path)} was changed meanwhile." for path in conflicts]
        taken = [
            f"The {name.kind} “{name.value}” belongs to another profile."
            for name in row.identifiers
            if self.holders.get(name_id(self.workspace, row, name), person.id) != person.id
        ]
        return taken + self._broken_rules(row, person, changes)

    def _broken_rules(self, row: ProfileRow, person: Person, changes: State) -> list[str]:
        reasons = ["A profile has at most 100 tags."] if too_many_tags(changes) else []
        required = self.schema.required - {"distinct_id"}
        cleared = {path for path, value in changes.items() if value is None}
        missing = required & cleared if person.exists else required - changes.keys()
        reasons += [f"{self._label(path)} is required." for path in sorted(missing)]
        if starred := self._starless(row, person, changes, cleared):
            reasons.append(f"At least one of {starred} is needed.")
        return reasons

    def _starless(self, row: ProfileRow, person: Person, changes: State, cleared: set[str]) -> str:
        """The labels of the starred properties where this row leaves none of them set; empty otherwise."""
        starred = self.schema.starred
        if not starred or ("distinct_id" in starred and (row.distinct_id or person.exists)):
            return ""
        if person.exists and not starred & cleared:
            return ""
        if starred & (person.state.keys() | changes.keys()) - cleared:
            return ""
        return ", ".join(
            self._label(path) for path in (*self.schema.facts, *self.schema.fields) if path in starred
        )

    def _label(self, path: str) -> str:
        known = self.schema.field(path)
        return known.label if known else path

    def _change(self, row: ProfileRow, person: Person, changes: State, names: list[str]) -> None:
        changes = changes if person.exists else {"status": Status.ACTIVE} | changes
        self.changes.append(
            {
                "profile_id": person.id,
                "deed": Deed.UPDATED if person.exists else Deed.CREATED,
                "old": {path: person.state[path] for path in changes if path in person.state},
                "new": {path: value for path, value in changes.items() if value is not None}
                | ({"identifiers": names} if names else {}),
            }
        )
        apply(person.state, changes)
        if not person.exists and row.created_at:
            person.created_at = row.created_at.isoformat()
        if self.source not in person.sources:
            person.sources = [*person.sources, self.source]
        person.exists = person.is_dirty = True

    def _store(self) -> None:
        dirty = [person for person in self.people.values() if person.is_dirty]
        new = [person for person in dirty if not person.is_stored]
        if self._execute(_INSERT, new) != len(new):
            raise _Overtaken
        self._execute(_UPDATE, [person for person in dirty if person.is_stored])
        if self.changes:
            self._record_history()

    def _execute(self, statement: str, people: Iterable[Person]) -> int:
        at = self.at.isoformat()
        records = [record_of(person, at=at) for person in people]
        if not records:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                statement,
                {"records": orjson.dumps(records).decode(), "workspace": self.workspace.pk, "at": self.at},
            )
            return cast(int, cursor.rowcount)

    def _record_history(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                _RECORD_HISTORY,
                {
                    "changes": orjson.dumps(self.changes).decode(),
                    "at": self.at,
                    "door": self.source,
                    "operator": self.actor.pk if self.actor else None,
                    "actor": self.actor.get_username() if self.actor else "",
                },
            )
