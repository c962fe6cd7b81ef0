"""Records within JSON of any size: in an array, in an array of an object, or one after the other.

Python's own parser reads them one by one, so that a broken one costs itself only. A parser of events, ijson,
was tried: a number of 5,000 digits made it crash.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from .json_values import DECODER, NESTED, is_text
from .packing import BROKEN
from .rows import LONGEST_ROW
from .sources import damaged

_PIECE: Final = 2**18
_NO_SPACE: Final = re.compile(r"[^ \t\r\n]")
_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|["{}\[\],]', re.DOTALL)
_IN_TEXT: Final = re.compile(r'["\\]')
_NO_OBJECT: Final = "Each record has to be one JSON object."
_TOO_LONG: Final = f"The record is longer than {LONGEST_ROW:,} characters."
_NO_TEXT: Final = "The record has bytes that are no text in the file's encoding."
_KEPT: Final = 1_000
"""Characters of a broken record that a file of rejected rows has."""


@dataclass(slots=True)
class Record:
    """`number` counts from 1, `size` the characters. `value` is an object; with a `problem`, any text."""

    number: int
    value: Any
    size: int
    problem: str = ""


def json_records(read: Callable[[int], str], within: Collection[str]) -> Iterator[Record]:
    """The elements of arrays at the top or under a key of `within`, and other objects at the top.

    `read` gives up to so many characters. Raises Damaged where the file breaks off or is no JSON.
    """
    reader = _Reader(read, frozenset(within))
    try:
        yield from reader.records()
    except (*BROKEN, _NoJson) as error:
        raise damaged(error, f"record {reader.count:,}") from error


class _NoJson(ValueError):
    pass


class _Text:
    """A window on the text; what is before `at` is forgotten when more is read."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self.text = ""
        self.at = 0

    def has_more(self) -> bool:
        """Read on; False at the end."""
        piece = self._read(_PIECE)
        if piece:
            self.text, self.at = self.text[self.at :] + piece, 0
        return bool(piece)

    def next_character(self) -> str:
        """The next one that is no space, empty at the end."""
        while True:
            found = _NO_SPACE.search(self.text, self.at)
            self.at = found.start() if found else len(self.text)
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.has_more():
                return ""

    def expected_character(self) -> str:
        character = self.next_character()
        if not character:
            raise EOFError
        return character

    def decoded(self) -> tuple[Any, int]:
        """The value that begins here, and its characters. Raises ValueError, and is still here then."""
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
                break
            except json.JSONDecodeError as error:
                problem = f"Not valid JSON: {error.msg} (character {error.pos - self.at + 1})."
            except RecursionError:
                raise ValueError(NESTED) from None
            if len(self.text) - self.at >= LONGEST_ROW or not self.has_more():
                raise ValueError(problem)
        piece = self.text[self.at : end]
        if len(piece) >= LONGEST_ROW or not is_text(piece):
            raise ValueError(_TOO_LONG if len(piece) >= LONGEST_ROW else _NO_TEXT)
        self.at = end
        return value, len(piece)

    def skipped(self) -> tuple[str, int]:
        """Go behind the value that begins here, broken or not. Its beginning, and its characters."""
        taken = _Taken(self)
        depth = 0
        while True:
            found = _TOKEN.search(self.text, self.at)
            mark = found[0] if found else ""
            if not found or mark == '"':
                taken.up_to(found.start() if found else len(self.text))
                if not found and not self.has_more():
                    raise EOFError
                if found:
                    taken.text()
            elif depth == 0 and mark in ",]}":
                taken.up_to(found.start())
                return taken.beginning, taken.size
            else:
                taken.up_to(found.end())
                depth += (mark in "{[") - (mark in "}]")
                if depth == 0 and mark in "}]":
                    return taken.beginning, taken.size


class _Taken:
    """What was skipped: its size and a little of it."""

    def __init__(self, window: _Text) -> None:
        self._window = window
        self.beginning = ""
        self.size = 0

    def up_to(self, end: int) -> None:
        window = self._window
        if len(self.beginning) < _KEPT:
            self.beginning += window.text[window.at : min(end, window.at + _KEPT)]
        self.size += end - window.at
        window.at = end

    def text(self) -> None:
        """A text that goes beyond the window, to its closing quote."""
        window = self._window
        self.up_to(window.at + 1)
        while True:
            found = _IN_TEXT.search(window.text, window.at)
            if found and found[0] == '"':
                self.up_to(found.end())
                return
            escape_is_whole = found and found.end() < len(window.text)
            if found and escape_is_whole:
                self.up_to(found.end() + 1)
                continue
            self.up_to(found.start() if found else len(window.text))
            if not window.has_more():
                raise EOFError


class _Reader(_Text):
    def __init__(self, read: Callable[[int], str], within: frozenset[str]) -> None:
        super().__init__(read)
        self._within = within
        self.count = 0

    def records(self) -> Iterator[Record]:
        while character := self.next_character():
            if character == "[":
                yield from self._elements()
            elif character == "{":
                yield from self._object()
            else:
                raise _NoJson(f"there is no JSON, but “{self.text[self.at : self.at + 20]}”")

    def _elements(self) -> Iterator[Record]:
        self.at += 1
        while (character := self.expected_character()) != "]":
            if character == ",":
                self.at += 1
            elif character == "}":
                raise _NoJson("a brace closes what is a list")
            else:
                yield self._element(character)
        self.at += 1

    def _element(self, character: str) -> Record:
        if character not in "{[":
            return self._record(*self.skipped(), _NO_OBJECT)
        try:
            return self._record(*self.decoded())
        except ValueError as error:
            beginning, size = self.skipped()
            return self._record(beginning, size, _TOO_LONG if size >= LONGEST_ROW else str(error))

    def _object(self) -> Iterator[Record]:
        """One at the top: a record, or what is around records."""
        try:
            value, size = self.decoded()
        except ValueError as error:
            yield from self._members(str(error))
            return
        found = [value[key] for key in value.keys() & self._within if isinstance(value[key], (list, dict))]
        if not found:
            yield self._record(value, size)
        for each in found:
            for record in each if isinstance(each, list) else [each]:
                yield self._record(record, size)

    def _members(self, problem: str) -> Iterator[Record]:
        """The records within an object that is too large to be one, or is broken."""
        has_records = False
        beginning, size = self.text[self.at : self.at + _KEPT], 0
        self.at += 1
        while (character := self.expected_character()) != "}":
            if character == ",":
                self.at += 1
            elif self._key() in self._within and self.expected_character() == "[":
                has_records = True
                yield from self._elements()
            else:
                self.expected_character()
                size += self.skipped()[1]
        self.at += 1
        if not has_records:
            yield self._record(beginning, size, _TOO_LONG if size >= LONGEST_ROW else problem)

    def _key(self) -> str:
        try:
            key, _ = self.decoded()
        except ValueError as error:
            raise _NoJson(str(error).rstrip(".")) from None
        if not isinstance(key, str) or self.expected_character() != ":":
            raise _NoJson("a name and a colon are missing")
        self.at += 1
        return key

    def _record(self, value: Any, size: int, problem: str = "") -> Record:
        self.count += 1
        return Record(self.count, value, size, problem or ("" if isinstance(value, dict) else _NO_OBJECT))
