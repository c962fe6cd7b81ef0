"""Rows of JSON lines: one object per line; null clears a value, what is absent stays as it is."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from .columns import IGNORED, missing_id, path_of
from .csv_rows import undecodable
from .flat import flattened
from .json_records import json_records
from .json_values import DECODER, NESTED, doubled
from .mapping import Mapping
from .rows import LONGEST_ROW, Position, RawRow
from .sources import Source

_OBJECTS = {"custom": "custom", "channels": "channel", "channel": "channel"}
_NO_OBJECT = "Each line has to be one JSON object."
UNREAD = "raw"
"""The key under which a file of rejected rows has a line that is no JSON object."""


class JsonlTable:
    """The paths are those of each row; a file has no header. `ignored` are the keys passed over so far."""

    delimiter = ""
    header: list[str] = []
    has_blanks = True

    def __init__(self, source: Source, *, mapping: Mapping | None = None, at: Position | None = None) -> None:
        self.source = source
        self.ignored: set[str] = set()
        self._mapped = mapping.bound_by_name() if mapping else None
        self.paths: list[str] = self._mapped.paths if self._mapped else []
        self._at = at

    def __iter__(self) -> Iterator[RawRow]:
        is_array = self.source.head.lstrip().startswith("[")
        rows = record_rows(self.source, (), self._at) if is_array else line_rows(self.source, self._at)
        for row in rows:
            if not row.problem:
                self._read(row)
            yield row

    def fields(self, row: RawRow) -> dict[str, Any]:
        """The values of a row by the names that a mapping has for them."""
        return flattened(row.original)

    def _read(self, row: RawRow) -> None:
        try:
            if self._mapped:
                self._mapped.read_named(row, self.fields(row))
                self.ignored = self._mapped.ignored
            else:
                row.values = _flat(row.original, self.ignored)
        except ValueError as error:
            row.problem = str(error)


def line_rows(source: Source, at: Position | None) -> Iterator[RawRow]:
    """The object of each line, in rows without values."""
    seeks = at if at and at.offset and source.can_seek else None
    passed = at.line if at else 0
    for number, line in enumerate(source.lines(seeks), seeks.line + 1 if seeks else 1):
        if number > passed and not line.isspace():
            row = RawRow(number, line.rstrip("\r\n"), size=len(line), last=number, end=source.offset)
            try:
                row.original = _object(number, line)
            except ValueError as error:
                row.problem = str(error)
            yield row


def record_rows(source: Source, within: Collection[str], at: Position | None) -> Iterator[RawRow]:
    """The objects of a JSON document, in rows without values; their lines are the numbers of the records."""
    passed = at.line if at else 0
    for record in json_records(source.text().read, within):
        if record.number > passed:
            problem = record.problem or (
                "" if isinstance(record.value, dict) else "Each record has to be one JSON object."
            )
            yield RawRow(record.number, record.value, {}, problem, record.size, record.number)


def holds_lines(source: Source, within: Collection[str]) -> bool:
    """Whether the first line is a record of its own."""
    first = source.head.lstrip().partition("\n")[0]
    try:
        found = DECODER.decode(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not found.keys() & set(within)


def _object(number: int, line: str) -> dict[str, Any]:
    if len(line) >= LONGEST_ROW:
        raise ValueError(f"The row is longer than {LONGEST_ROW:,} characters.")
    if problem := undecodable(line, number):
        raise ValueError(problem)
    try:
        found = DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"Not valid JSON: {error.msg} (character {error.pos + 1}).") from None
    except RecursionError:
        raise ValueError(NESTED) from None
    if not isinstance(found, dict):
        raise ValueError(_NO_OBJECT)
    return found


def _flat(original: dict[str, Any], ignored: set[str]) -> dict[str, Any]:
    """Values by path; keys passed over are added to `ignored`. Raises ValueError for what has no place."""
    if UNREAD in original:
        raise ValueError(f"Put the corrected keys in place of “{UNREAD}”.")
    pairs: list[tuple[str, Any]] = []
    for name, value in original.items():
        path = path_of(name)
        if path in _OBJECTS:
            if value is not None and not isinstance(value, dict):
                raise ValueError(f"“{path}” has to be an object of key and value.")
            pairs += [(f"{_OBJECTS[path]}.{key.strip()}", each) for key, each in (value or {}).items()]
        else:
            pairs.append((path, value))
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError(f"The row has a value more than once: {doubled(pairs)}.")
    if problem := missing_id(values):
        raise ValueError(f"The row has no distinct ID: {problem}")
    for path in IGNORED & values.keys():
        ignored.add(path)
        del values[path]
    return values
