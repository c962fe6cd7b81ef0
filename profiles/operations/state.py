"""A profile's values as one flat mapping, and what a row makes of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter, is_
from typing import Any, Final
from uuid import UUID

import orjson

from profiles.models import MAX_TAGS, TEXT_COLUMNS, Status
from profiles.queries.records import Record

from .copying import array_literal, copy_line
from .rows import Mode, ProfileRow

# What stays when a row replaces a profile's content and does not say otherwise.
_KEPT_BY_REPLACE = ("status", "last_seen_at")
READ: Final = ("status", *TEXT_COLUMNS, "birthday", "tags", "last_seen_at")
"""The columns that a state is made of, but for the two objects."""

_READ: Final = attrgetter(*READ)
_TIMES: Final = ("birthday", "last_seen_at")

State = dict[str, Any]


@dataclass(slots=True)
class Person:
    """A profile while a batch is worked on; `state` maps paths to set values, unset ones are absent."""

    id: UUID
    environment: str
    distinct_id: str
    state: State = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    exists: bool = False
    is_stored: bool = False
    is_dirty: bool = False
    created_at: str = ""
    number: int | None = None


def state_of(columns: Sequence[Any], channels: str, custom: str) -> State:
    """The flat state of a stored row: the values of READ, and the two objects as JSON."""
    state: State = {key: value for key, value in zip(READ, columns, strict=True) if value}
    for key in _TIMES:
        if key in state:
            state[key] = state[key].isoformat()
    if channels != "{}":
        state |= {_path("channel", key): value for key, value in orjson.loads(channels).items()}
    if custom != "{}":
        state |= {_path("custom", key): value for key, value in orjson.loads(custom).items()}
    return state


@lru_cache(maxsize=4096)
def _path(kind: str, key: str) -> str:
    return f"{kind}.{key}"


def state_of_record(record: Record) -> State:
    """The same of a row that was read as a whole."""
    return state_of(_READ(record), record.channels, record.custom)


NEW_COLUMNS = (
    "id",
    "environment",
    "distinct_id",
    "status",
    "sources",
    *TEXT_COLUMNS,
    "channels",
    "custom",
    "tags",
    "workspace_id",
    "updated_at",
    "created_at",
    "birthday",
    "last_seen_at",
    "person",
)


def new_line_of(person: Person, *, workspace: str) -> str:
    """The row of a new profile for COPY, in the order of NEW_COLUMNS."""
    state = person.state
    texts = [person.id.hex, person.environment, person.distinct_id, state["status"]]
    texts.append(array_literal(person.sources))
    texts += [state.get(key, "") for key in TEXT_COLUMNS]
    texts += [orjson.dumps(found).decode() if found else "{}" for found in objects_in(state)]
    texts.append(array_literal(state.get("tags", ())))
    texts += [workspace, person.created_at, person.created_at]
    number = None if person.number is None else str(person.number)
    return copy_line(texts, [state.get("birthday"), state.get("last_seen_at"), number])


def objects_in(state: State) -> tuple[State, State]:
    """The columns `channels` and `custom`."""
    found: dict[str, State] = {"": {}, "channel": {}, "custom": {}}
    for path, value in state.items():
        kind, key = place(path)
        found[kind][key] = value
    return found["channel"], found["custom"]


@lru_cache(maxsize=4096)
def place(path: str) -> tuple[str, str]:
    """The object that holds the value of a path, and its key there; no object for what is a column."""
    kind, dot, key = path.partition(".")
    return (kind, key) if dot else ("", path)


def changes_of(state: State, row: ProfileRow, *, mode: Mode, spelling: Mapping[str, str]) -> State:
    """What `row` changes in `state`: path to new value, None for what it clears.

    `spelling` maps the lower-cased tags of the batch to the registered ones.
    """
    wanted = row.values
    if mode == "replace":
        wanted = {path: None for path in state if path not in _KEPT_BY_REPLACE} | {**wanted}
    if row.only_unset:
        wanted = {path: value for path, value in wanted.items() if path not in state}
    if wanted.get("status", "") is None:
        wanted = {**wanted, "status": Status.ACTIVE}
    if row.add_tags or row.remove_tags or (wanted.get("tags") and wanted["tags"] != state.get("tags")):
        wanted = {**wanted, "tags": _tags(state, wanted, row, spelling)}
    if not state:
        return _set_values(wanted)
    if has_all(state, wanted):
        return {}
    changes = {}
    now = state.get
    for path, value in wanted.items():
        old = now(path)
        if old == value and old.__class__ is value.__class__:
            continue
        new = None if not value and _is_unset(value) else value
        if differs(old, new):
            changes[path] = new
    return changes


def has_all(state: State, wanted: Mapping[str, Any]) -> bool:
    """The quick answer for most rows of a file that was imported before; true is not 1."""
    return wanted.items() <= state.items() and all(
        map(is_, map(type, wanted.values()), map(type, map(state.get, wanted)))
    )


def _set_values(wanted: Mapping[str, Any]) -> State:
    """A copy of `wanted` without what is unset in it; to copy all and take some away is the quicker way."""
    values = {**wanted}
    for path in [path for path, value in wanted.items() if not value and _is_unset(value)]:
        del values[path]
    return values


def apply(state: State, changes: State) -> None:
    for path, value in changes.items():
        if value is None:
            state.pop(path, None)
        else:
            state[path] = value


def differs(old: Any, new: Any) -> bool:
    """Whether two JSON values differ; unlike for Python's ==, true is not 1."""
    return old != new or (old.__class__ is bool) is not (new.__class__ is bool)


def too_many_tags(changes: State) -> bool:
    return len(changes.get("tags") or ()) > MAX_TAGS


def tags_in(rows: Iterable[ProfileRow]) -> set[str]:
    """Every tag that the rows would give to somebody."""
    found: set[str] = set()
    for row in rows:
        found.update(row.add_tags)
        found.update(row.values.get("tags") or ())
    return found


def _is_unset(value: Any) -> bool:
    return value is None or isinstance(value, str | list | dict)


def _tags(state: State, wanted: Mapping[str, Any], row: ProfileRow, spelling: Mapping[str, str]) -> list[str]:
    start = wanted["tags"] or () if "tags" in wanted else state.get("tags", ())
    gone = {tag.lower() for tag in row.remove_tags}
    kept: dict[str, str] = {}
    for tag in (*start, *row.add_tags):
        lower = tag.lower()
        if lower not in gone:
            kept.setdefault(lower, spelling.get(lower, tag))
    return list(kept.values())
