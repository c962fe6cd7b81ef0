"""What a batch of rows makes of the people they are about, decided before anything is stored.

`write_profiles` stores it; previews and dry runs look at it only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from django.utils import timezone

from profiles.models import (
    Actor,
    Deed,
    ErasedId,
    Identifier,
    Job,
    Status,
    Workspace,
    new_distinct_id,
    operator_of,
    profile_id,
)
from profiles.queries.prepared import fetch_all
from profiles.schema import Schema, schema_of

from .following import Heirs, Inherited, heirs_of, marks_of
from .identifiers import name_id
from .recording import History
from .rows import Mode, Outcome, OutcomeStatus, ProfileRow
from .rules import broken_rules, label_of
from .state import READ, Person, State, apply, changes_of, differs, state_of
from .steps import take_steps

# The primary key finds the rows, one by one: for `id = ANY(...)` with thousands of ids PostgreSQL reads all
# of another index. The order by id is the order in which they are locked, the same for all writers, so that
# two of them never wait for each other.
_FIND: Final = f"""
    SELECT id, sources, channels::text, custom::text, {", ".join(READ)}
    FROM (SELECT DISTINCT unnest($1::uuid[]) AS wanted_id ORDER BY wanted_id) AS wanted
    CROSS JOIN LATERAL (SELECT * FROM profiles_profile WHERE id = wanted_id {{lock}}) AS found
"""
LOOK: Final = _FIND.format(lock="")
LOCK: Final = _FIND.format(lock="FOR NO KEY UPDATE")
# An enum's value is looked up by a function each time, which is felt per row.
_CREATED, _UPDATED, _ACTIVE = Deed.CREATED.value, Deed.UPDATED.value, Status.ACTIVE.value


@dataclass(slots=True)
class Batch:
    """Rows on their way: the people they are about, what changes, what goes into the history."""

    workspace: Workspace
    rows: Sequence[ProfileRow]
    mode: Mode
    source: str
    actor: Actor | None
    job: Job | None = None
    heirs: Heirs = field(default_factory=dict)
    at: datetime = field(default_factory=timezone.now)
    people: dict[UUID, Person] = field(default_factory=dict)
    changes: list[tuple[str, ...]] = field(default_factory=list)
    holders: dict[UUID, UUID] = field(default_factory=dict)
    given: list[Identifier] = field(default_factory=list)
    taken: list[UUID] = field(default_factory=list)
    spelling: dict[str, str] = field(default_factory=dict)
    denied: set[UUID] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    schema: Schema = field(init=False)
    at_text: str = field(init=False)

    def __post_init__(self) -> None:
        self.schema = schema_of(self.workspace)
        self.at_text = self.at.isoformat()

    def named(self) -> list[tuple[ProfileRow, Person]]:
        """Each row with its person, who is not read yet."""
        return [(row, self._person(row)) for row in self.rows]

    def keys(self) -> str:
        """The people's ids, as PostgreSQL writes an array."""
        return "{" + ",".join([key.hex for key in self.people]) + "}"

    def _person(self, row: ProfileRow) -> Person:
        distinct_id = row.distinct_id or new_distinct_id()
        key = profile_id(self.workspace, row.environment, distinct_id)
        if self.heirs:
            key, distinct_id = self.heirs.get(key, (key, distinct_id))
        person = self.people.get(key)
        if person is None:
            person = self.people[key] = Person(key, row.environment, distinct_id)
        return person

    def read(self, statement: str) -> None:
        """Fetch the state of those people who exist, by LOOK or LOCK."""
        for key, sources, channels, custom, *columns in fetch_all(statement, [self.keys()]):
            person = self.people[key]
            person.state, person.sources = state_of(columns, channels, custom), sources
            person.exists = person.is_stored = True

    def note_missing(self) -> None:
        """Raise Inherited where somebody who does not exist was absorbed; note whom nobody may create again.

        Asked behind the locks of `read`, so that it sees a merge or an erasure for which they waited.
        """
        missing = [person for person in self.people.values() if not person.exists]
        if not missing:
            return
        has_absorbed, has_denied = marks_of(self.workspace)
        if has_absorbed and (heirs := heirs_of(self.workspace, missing)):
            raise Inherited(heirs)
        if has_denied and self.mode != "update":
            erased = ErasedId.objects.filter(workspace=self.workspace, pk__in=[each.id for each in missing])
            self.denied.update(erased.values_list("pk", flat=True))

    def outcome(self, row: ProfileRow, person: Person) -> Outcome:
        """Apply a row to its person, or say why not."""
        dropped: list[str] = []
        if row.steps:
            row, dropped = self._stepped(row, person)
        changes = changes_of(person.state, row, mode=self.mode, spelling=self.spelling)
        if self.mode == "replace" and (self.schema.archived or row.replaces):
            changes = {path: value for path, value in changes.items() if self._replaces(row, path)}
        if not changes and self._finds_nothing_to_do(row, person):
            return Outcome("unchanged", person.id, person.distinct_id, dropped=dropped)
        conflicts = _conflicts(row, person.state, changes) if row.expected else {}
        if reasons := self._reasons(row, person, changes, conflicts):
            return Outcome(
                "refused", person.id, person.distinct_id, reasons, conflicts=conflicts, dropped=dropped
            )
        lost = self._lost_names(row, person) if row.remove_identifiers else []
        names = self._new_names(row, person) if row.identifiers else []
        if person.exists and not changes and not names and not lost:
            return Outcome("unchanged", person.id, person.distinct_id, dropped=dropped)
        status: OutcomeStatus = "updated" if person.exists else "created"
        self._change(row, person, changes, names, lost)
        return Outcome(status, person.id, person.distinct_id, changed=tuple(changes), dropped=dropped)

    def _finds_nothing_to_do(self, row: ProfileRow, person: Person) -> bool:
        """Whether a row without changes has nothing either that it could be refused for."""
        asks_for_more = row.expected or row.identifiers or row.remove_identifiers
        return person.exists and not asks_for_more and self.mode != "create"

    def _replaces(self, row: ProfileRow, path: str) -> bool:
        """Whether a replacement touches what is at `path`."""
        is_open = not row.replaces or path in row.values or path.startswith(row.replaces)
        return is_open and path not in self.schema.archived

    def _stepped(self, row: ProfileRow, person: Person) -> tuple[ProfileRow, list[str]]:
        """The row with what its steps come to, for its person as they are now; and why some were left out."""
        start = {**person.state, **row.values} if self.mode != "replace" else row.values
        values, dropped = take_steps(start, row.steps, self.schema)
        return replace(row, values={**row.values, **values}, steps=()), dropped

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
                        # A microsecond apart, so that names keep the order in which they are given.
                        created_at=self.at + timedelta(microseconds=len(self.given)),
                    )
                )
                new.append(f"{name.kind} {name.value}")
        return new

    def _lost_names(self, row: ProfileRow, person: Person) -> list[str]:
        """Take those of the row's names that are the person's away again; returns them."""
        lost = []
        for name in row.remove_identifiers:
            key = name_id(self.workspace, row, name)
            if self.holders.get(key) == person.id:
                del self.holders[key]
                self.given = [each for each in self.given if each.id != key]
                self.taken.append(key)
                lost.append(f"{name.kind} {name.value}")
        return lost

    def _reasons(self, row: ProfileRow, person: Person, changes: State, conflicts: State) -> list[str]:
        if self.mode == "create" and person.exists:
            return [_exists_already(row, person)]
        if (self.mode == "update" or row.only_existing) and not person.exists:
            return [f"There is no {person.environment} profile with the distinct ID “{person.distinct_id}”."]
        if person.id in self.denied and not person.exists:
            return [f"“{person.distinct_id}” was deleted for good, and its distinct ID is refused since."]
        if conflicts:
            return [f"{label_of(path, self.schema)} was changed meanwhile." for path in conflicts]
        taken = [
            f"The {name.kind} “{name.value}” belongs to another profile."
            for name in row.identifiers
            if self.holders.get(name_id(self.workspace, row, name), person.id) != person.id
        ]
        if row.passage and row.passage.deed != Deed.MERGED:
            return taken
        return taken + broken_rules(self.schema, row, person, changes)

    def _change(
        self, row: ProfileRow, person: Person, changes: State, names: list[str], lost: list[str]
    ) -> None:
        if person.exists:
            deed = row.passage.deed if row.passage else _UPDATED
            self._note_update(person, deed, changes, names, lost)
            apply(person.state, changes)
            self.touched.update(changes)
        else:
            person.state = changes
            person.state.setdefault("status", _ACTIVE)
            person.created_at = row.created_at.isoformat() if row.created_at else self.at_text
            person.number = row.person
            self._note_creation(row, person, changes, names)
        if row.passage:
            person.sources = list(dict.fromkeys((*person.sources, *row.passage.sources)))
            self.touched.add("sources")
        if self.source not in person.sources:
            person.sources = [*person.sources, self.source]
            self.touched.add("sources")
        person.exists = person.is_dirty = True

    def _note_creation(self, row: ProfileRow, person: Person, changes: State, names: list[str]) -> None:
        if row.passage:
            was: State = {"distinct_id": row.passage.was} if row.passage.was else {}
            now: State = {"distinct_id": person.distinct_id} if was else {}
            self._note(person, row.passage.deed, was, now, self.at_text)
            return
        new = {**changes, "identifiers": names} if names else changes
        self._note(person, _CREATED, {}, new, person.created_at)

    def _note_update(
        self, person: Person, deed: str, changes: State, names: list[str], lost: list[str]
    ) -> None:
        old = {path: person.state[path] for path in changes if path in person.state}
        new = {path: value for path, value in changes.items() if value is not None}
        if lost:
            old["identifiers"] = lost
        if names:
            new["identifiers"] = names
        self._note(person, deed, old, new, self.at_text)

    def _note(self, person: Person, deed: str, old: State, new: State, at: str) -> None:
        """For the history: what the person's state is about to become."""
        texts = (orjson.dumps(old).decode() if old else "{}", orjson.dumps(new).decode())
        self.changes.append((person.id.hex, deed, *texts, at))

    def history(self) -> History:
        operator = operator_of(self.actor)
        return History(
            self.changes,
            door=self.source,
            actor=self.actor.get_username() if self.actor else "",
            operator=str(operator.pk) if operator else None,
            job=str(self.job.pk) if self.job else None,
        )


def turn_of(workspace: Workspace) -> int:
    """The number of the advisory lock that the writers of a workspace share."""
    return int(workspace.pk) % 2**31


def _exists_already(row: ProfileRow, person: Person) -> str:
    heir = f": it is “{person.distinct_id}” now" if row.distinct_id != person.distinct_id else ""
    return f"A {row.environment} profile with the distinct ID “{row.distinct_id}” exists already{heir}."


def _conflicts(row: ProfileRow, state: State, changes: State) -> State:
    """What is neither as the writer saw it nor as the row wants it: path to current value."""
    return {
        path: state.get(path)
        for path, value in (row.expected or {}).items()
        if differs(state.get(path), value) and (path in changes or path not in row.values)
    }
