"""Writing a profile by one of its faces: as a product names it, by source, type and identifiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.db import transaction

from profiles.errors import Refused
from profiles.models import Actor, Profile, Workspace, new_distinct_id
from profiles.queries.faces import (
    EMAIL,
    EXTERNAL_ID,
    PHONE,
    STANDARD,
    Face,
    Name,
    Pair,
    column_value,
    face_by_id,
    native_names,
    native_pair,
)

from .identifiers import hold_names
from .incoming import Incoming, understand
from .persons import expect_person, find_person
from .rows import Mode, NewIdentifier, Outcome, ProfileRow
from .source_types import register_source_type
from .write import take_turn, write_profiles

MOST_NAMES: Final = 20
_TRIES: Final = 5
# What products have a word for; a replacement leaves tags, channels and the like as they are.
_CONTENT: Final = ("name", "custom.")
_COLUMNS: Final = {EMAIL: "email", PHONE: "phone"}

Find = Callable[[], Face | None]
Deed = Literal["put", "replace", "patch"]


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be written: raw JSON `values` by path (`name`, `custom.*`) and names without duplicates.

    `person` is whose profile it has to be, where that is said; `default_name` is for who has no other name.
    """

    pair: Pair
    names: Sequence[Name] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    person: int | None = None
    default_name: str = ""


def write_face(
    workspace: Workspace,
    environment: str,
    find: Find,
    content: Content,
    *,
    deed: Deed,
    source: str,
    actor: Actor | None,
) -> tuple[Face | None, bool]:
    """Write to the face that `find` finds; the face as it is then, and whether it was created.

    `deed`: "put" replaces name, custom properties and names, or creates the profile where none is found;
    "replace" does not create, "patch" writes what is given and adds names; both answer None then.
    Raises Refused where a value cannot be written, a name belongs to another profile, or names belong to
    different persons. Of two who put the same name at once, one creates and the other one replaces.
    """
    writing = _Writing(workspace, environment, find, content, deed, source, actor)
    for turn in range(_TRIES):
        try:
            with transaction.atomic():
                return writing.attempt(alone=turn > 0)
        except _Again:
            workspace.refresh_from_db(fields=["schema_version"])
    raise Refused("Others keep changing this profile; try again.")


class _Again(Exception):
    """The profile went meanwhile, or is to lose names: once more, while nobody else writes."""


@dataclass(slots=True)
class _Writing:
    workspace: Workspace
    environment: str
    find: Find
    content: Content
    deed: Deed
    source: str
    actor: Actor | None
    is_alone: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    pair: Pair = field(init=False)
    is_native: bool = field(init=False)

    def __post_init__(self) -> None:
        self.pair = self.content.pair
        self.is_native = self.pair == native_pair(self.workspace)

    def attempt(self, *, alone: bool) -> tuple[Face | None, bool]:
        """In a transaction, which an exception rolls back with the properties that it registered."""
        self.is_alone = alone
        if self.deed != "patch" and not self.is_native:
            register_source_type(self.workspace, *self.pair)
        self._understand()
        take_turn(self.workspace, alone=alone)
        self._hold()
        face = self.find()
        if face is None:
            return (self._create(), True) if self.deed == "put" else (None, False)
        expect_person(face, self.content.names, self.content.person)
        return (self._extend(face) if self.deed == "patch" else self._replace(face)), False

    def _understand(self) -> None:
        """Raises Refused. Identifiers become e-mail and phone where they are such, whatever they are like."""
        named = {path: _first(self.content.names, kind) for kind, path in _COLUMNS.items()}
        record = Incoming({**self.content.values, **{path: value for path, value in named.items() if value}})
        (found,) = understand(self.workspace, [record], actor=self.actor)
        if problems := [sentence for path, sentence in found.problems.items() if path not in named]:
            raise Refused(" ".join(dict.fromkeys(problems))[:2_000])
        self.values = found.values

    def _hold(self) -> None:
        """Until the end of the transaction nobody else gives or takes the names, whatever their pair."""
        names = [_identifier(self.pair, name) for name in self.content.names]
        names += [
            NewIdentifier(each.value, each.kind) for each in self.content.names if each.kind in STANDARD
        ]
        if names:
            hold_names(self.workspace, [ProfileRow(environment=self.environment, identifiers=names)])

    def _create(self) -> Face:
        """A profile with an ID of its own; under the native pair the external ID is its distinct ID."""
        names = self.content.names
        distinct_id = (self.is_native and _first(names, EXTERNAL_ID)) or new_distinct_id()
        row = ProfileRow(distinct_id, values={"name": self.content.default_name} | self.values)
        row.person = find_person(self.workspace, self.environment, names, self.content.person)
        row.identifiers = self._rows(names, distinct_id)
        return self._read(self._write(row, "create"))

    def _replace(self, face: Face) -> Face:
        distinct_id = face.profile.distinct_id
        wanted = self._rows(self.content.names, distinct_id)
        stored = [_identifier(face.pair, name) for name in face.stored]
        gone = [each for each in stored if each not in wanted]
        if gone and not self.is_alone:
            raise _Again
        row = ProfileRow(distinct_id, values=self._replacement(face), replaces=_CONTENT)
        row.identifiers, row.remove_identifiers = wanted, gone
        return self._read(self._write(row, "replace"))

    def _extend(self, face: Face) -> Face:
        new = [name for name in self.content.names if name not in face.names]
        if len(face.names) + len(new) > MOST_NAMES:
            raise Refused(f"A profile has at most {MOST_NAMES} identifiers.")
        taken = [path for path in _COLUMNS.values() if getattr(face.profile, path)]
        self.values = {path: value for path, value in self.values.items() if path not in taken}
        row = ProfileRow(face.profile.distinct_id, values=self.values)
        row.identifiers = self._rows(new, face.profile.distinct_id)
        return self._read(self._write(row, "update"))

    def _replacement(self, face: Face) -> dict[str, Any]:
        """The values with a name in any case, and e-mail and phone where they were those of the face."""
        values, profile = dict(self.values), face.profile
        if not values.get("name"):
            has_names = bool(profile.first_name or profile.last_name)
            values["name"] = None if has_names else self.content.default_name
        for kind, path in _COLUMNS.items():
            old = getattr(profile, path)
            theirs = {"", *(column_value(name) for name in face.names if name.kind == kind)}
            new = values.get(path)
            if old.lower() in theirs and (new or "").lower() != old.lower():
                values[path] = new
            else:
                values.pop(path, None)
        return values

    def _rows(self, names: Sequence[Name], distinct_id: str) -> list[NewIdentifier]:
        """The names to store: not those that the values of the profile say natively."""
        columns = {path: self.values.get(path) or "" for path in _COLUMNS.values()}
        said = native_names(Profile(distinct_id=distinct_id, **columns)) if self.is_native else ()
        return [_identifier(self.pair, name) for name in names if name not in said]

    def _write(self, row: ProfileRow, mode: Mode) -> Outcome:
        row.environment = self.environment
        (outcome,) = write_profiles(self.workspace, [row], mode=mode, source=self.source, actor=self.actor)
        overtaken = outcome.status == ("refused" if mode == "create" else "created")
        if overtaken and (mode == "replace" or self.find()):
            raise _Again  # Erased since it was found, or created by another door.
        if outcome.status == "refused":
            raise Refused(" ".join(outcome.reasons))
        return outcome

    def _read(self, outcome: Outcome) -> Face:
        if face := face_by_id(self.workspace, self.environment, outcome.id, self.pair):
            return face
        raise _Again


def _identifier(pair: Pair, name: Name) -> NewIdentifier:
    return NewIdentifier(name.value, name.kind, *pair)


def _first(names: Iterable[Name], kind: str) -> str:
    return next((name.value for name in names if name.kind == kind), "")
