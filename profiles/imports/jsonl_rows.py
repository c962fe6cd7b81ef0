"""Rows of JSON lines: one object per line; null clears a value, what is absent stays as it is."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from .columns import IGNORED
from .csv_rows import undecodable
from .rows import LONGEST_ROW, RawRow
from .sources import Source

_OBJECTS = {"custom": "custom", "channels": "channel", "channel": "channel"}
UNREAD = "raw"
"""The key under which a file of rejected rows has a line that is no JSON object."""


class JsonlTable:
    """The paths are those of each row; a file has no header."""

    paths: list[str] = []

    def __init__(self, source: Source) -> None:
        self.source = source

    def __iter__(self) -> Iterator[RawRow]:
        for number, line in enumerate(self.source.lines(), 1):
            if not line.isspace():
                yield _row(number, line)


def _row(number: int, line: str) -> RawRow:
    try:
        original = _object(number, line)
        return RawRow(number, original, _flat(original), size=len(line))
    except ValueError as error:
        return RawRow(number, line.rstrip("\r\n"), problem=str(error), size=len(line))


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
        keys = [key for key, _ in pairs]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"The JSON has a key more than once: {', '.join(doubled)}.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON.")


def _integer(digits: str) -> int:
    if len(digits) > 400:
        raise ValueError(f"A number has {len(digits):,} digits.")
    return int(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer)


def _flat(original: dict[str, Any]) -> dict[str, Any]:
    """Values by path. Raises ValueError for what has no place."""
    if UNREAD in original:
        raise ValueError(f"Put the corrected keys in place of “{UNREAD}”.")
    values: dict[str, Any] = {}
    for key, value in original.items():
        if key in _OBJECTS:
            if value is not None and not isinstance(value, dict):
                raise ValueError(f"“{key}” has to be an object of key and value.")
            found = {f"{_OBJECTS[key]}.{inner}": each for inner, each in (value or {}).items()}
        else:
            found = {key.strip(): value} if key not in IGNORED else {}
        if doubled := sorted(values.keys() & found):
            raise ValueError(f"The row has a value more than once: {', '.join(doubled)}.")
        values |= found
    return values
