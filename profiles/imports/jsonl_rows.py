"""Rows of JSON lines: one object per line; null clears a value, what is absent stays as it is."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from math import isinf
from typing import Any, NoReturn

from .columns import IGNORED, missing_id, path_of
from .csv_rows import undecodable
from .flat import flattened
from .mapping import BoundMapping, Mapping
from .rows import LONGEST_ROW, Position, RawRow
from .sources import Source

_OBJECTS = {"custom": "custom", "channels": "channel", "channel": "channel"}
UNREAD = "raw"
"""The key under which a file of rejected rows has a line that is no JSON object."""


class JsonlTable:
    """The paths are those of each row; a file has no header. `ignored` are the keys passed over so far."""

    delimiter = ""
    header: list[str] = []

    def __init__(self, source: Source, *, mapping: Mapping | None = None, at: Position | None = None) -> None:
        self.source = source
        self.ignored: set[str] = set()
        self._mapped = _bound(mapping) if mapping else None
        self.paths: list[str] = self._mapped.paths if self._mapped else []
        self._at = at

    def __iter__(self) -> Iterator[RawRow]:
        seeks = self._at if self._at and self._at.offset and self.source.can_seek else None
        passed = self._at.line if self._at else 0
        for number, line in enumerate(self.source.lines(seeks), seeks.line + 1 if seeks else 1):
            if number > passed and not line.isspace():
                yield self._row(number, line)

    def fields(self, row: RawRow) -> dict[str, Any]:
        """The values of a row by the names that a mapping has for them."""
        return flattened(row.original)

    def _row(self, number: int, line: str) -> RawRow:
        row = RawRow(number, line.rstrip("\r\n"), size=len(line), last=number, end=self.source.offset)
        try:
            row.original = _object(number, line)
            if self._mapped:
                self._mapped.read_named(row, flattened(row.original))
                self.ignored = self._mapped.ignored
            else:
                row.values = _flat(row.original, self.ignored)
        except ValueError as error:
            row.problem = str(error)
        return row


def _bound(mapping: Mapping) -> BoundMapping:
    """Keys may be missing in any object of a file, and so in all of them."""
    return mapping.bound_to([each.column for each in mapping.columns])


def _object(number: int, line: str) -> dict[str, Any]:
    if len(line) >= LONGEST_ROW:
        raise ValueError(f"The row is longer than {LONGEST_ROW:,} characters.")
    if problem := undecodable(line, number):
        raise ValueError(problem)
    try:
        found = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"Not valid JSON: {error.msg} (character {error.pos + 1}).") from None
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None
    if not isinstance(found, dict):
        raise ValueError("Each line has to be one JSON object.")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"The JSON has a key more than once: {_doubled(pairs)}.")
    return found


def _doubled(pairs: Iterable[tuple[str, Any]]) -> str:
    counts = Counter(key for key, _ in pairs)
    return ", ".join(sorted(key for key, count in counts.items() if count > 1))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON.")


def _integer(digits: str) -> int:
    if len(digits) > 400:
        raise ValueError(f"A number has {len(digits):,} digits.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise ValueError(f"{digits[:40]} is too large for a number.")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_float
)


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
        raise ValueError(f"The row has a value more than once: {_doubled(pairs)}.")
    if problem := missing_id(values):
        raise ValueError(f"The row has no distinct ID: {problem}")
    for path in IGNORED & values.keys():
        ignored.add(path)
        del values[path]
    return values
