"""The XML within a workbook, read as a stream: rows of a sheet, and the texts that its cells share.

openpyxl, which knows everything else about a workbook, would hold all shared texts in memory, and an empty
element for each row of a sheet.
"""

import re
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, Any, Final, NamedTuple
from xml.parsers import expat

import orjson

from .rows import LONGEST_ROW

MOST_COLUMNS: Final = 16_384
_PIECE: Final = 2**16
_IDLE: Final = 64
"""Pieces in which no element and no text may end: no tag is four megabytes long."""

_BLOCK: Final = 256
_BLOCKS_KEPT: Final = 256
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")


class RawCell(NamedTuple):
    """`column` counts from 0; `text` is what stands between the tags, if anything does."""

    column: int
    type: str
    style: str
    text: str
    is_formula: bool


class RawSheetRow(NamedTuple):
    """`number` is that of the row in the sheet; `size` its characters, `problem` why it has no cells."""

    number: int
    cells: list[RawCell]
    size: int
    problem: str = ""


class Forbidden(ValueError):
    """XML that no program for tables writes."""


def sheet_rows(stream: IO[bytes]) -> Iterator[RawSheetRow]:
    """The rows that have cells. Raises expat.ExpatError, Forbidden, and what reading the stream raises."""
    reader = _SheetReader()
    yield from _fed(stream, reader, reader.rows)


def shared_texts(stream: IO[bytes]) -> Iterator[str]:
    """The same for the table of shared texts."""
    reader = _TextReader()
    yield from _fed(stream, reader, reader.texts)


class SharedTexts:
    """The texts that cells share, by number. Read as far as they are asked for; all but a few lie on disk."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._texts = shared_texts(stream) if stream else iter(())
        self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the texts are asked for.
        self._ends = array("Q", [0])
        self._last: list[str] = []
        self._kept: Callable[[int], list[str]] = lru_cache(_BLOCKS_KEPT)(self._load)

    def __getitem__(self, number: int) -> str:
        """Raises IndexError where the workbook has no such text."""
        block, place = divmod(number, _BLOCK)
        while block >= len(self._ends) - 1 and place >= len(self._last):
            self._read_one()
            if block < len(self._ends) - 1:
                break
        return (self._kept(block) if block < len(self._ends) - 1 else self._last)[place]

    def _read_one(self) -> None:
        text = next(self._texts, None)
        if text is None:
            raise IndexError
        self._last.append(text)
        if len(self._last) == _BLOCK:
            self._file.seek(self._ends[-1])
            self._ends.append(self._ends[-1] + self._file.write(orjson.dumps(self._last)))
            self._last = []

    def _load(self, block: int) -> list[str]:
        start, end = self._ends[block], self._ends[block + 1]
        self._file.seek(start)
        texts: list[str] = orjson.loads(self._file.read(end - start))
        return texts


def unescaped(text: str) -> str:
    """`_x000D_` is how a workbook writes a carriage return."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def _fed(stream: IO[bytes], reader: "_Reader", found: list[Any]) -> Iterator[Any]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _forbid
    idle = 0
    while piece := _some(stream):
        reader.has_moved = False
        try:
            parser.Parse(piece, False)
        except (expat.ExpatError, ValueError):
            yield from found
            raise
        idle = 0 if reader.has_moved else idle + 1
        if idle > _IDLE:
            raise Forbidden("a tag is millions of characters long")
        yield from found
        found.clear()
    parser.Parse(b"", True)
    yield from found


def _some(stream: IO[bytes]) -> bytes:
    piece: bytes = stream.read1(_PIECE)  # type: ignore[attr-defined]
    return piece


def _forbid(*_: object) -> None:
    """Documents that define entities can be made to explode."""
    raise Forbidden("it defines a document type")


class _Reader(ABC):
    """What both tables have: texts between tags, of which notes on pronunciation are no part."""

    def __init__(self) -> None:
        self.has_moved = False
        self._is_reading = False
        self._pieces: list[str] = []
        self._length = 0
        self._is_beside = False

    @abstractmethod
    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def end(self, tag: str) -> None: ...

    def characters(self, text: str) -> None:
        self.has_moved = True
        if self._is_reading and not self._is_beside:
            self._length += len(text)
            if self._length < LONGEST_ROW:
                self._pieces.append(text)


def _without_prefix(tag: str) -> str:
    """The name of a tag without the prefix of its namespace, which some programs write."""
    return tag.rpartition(":")[2]


class _TextReader(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.has_moved = True
        if ":" in tag:
            tag = _without_prefix(tag)
        if tag == "si":
            self._pieces, self._length = [], 0
        elif tag == "t":
            self._is_reading = True
        elif tag == "rPh":
            self._is_beside = True

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = _without_prefix(tag)
        if tag == "si":
            self.texts.append(unescaped("".join(self._pieces)))
        elif tag == "t":
            self._is_reading = False
        elif tag == "rPh":
            self._is_beside = False


class _SheetReader(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RawSheetRow] = []
        self._number = 0
        self._column = -1
        self._cells: list[RawCell] = []
        self._type = self._style = ""
        self._is_formula = False
        self._columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.has_moved = True
        if ":" in tag:
            tag = _without_prefix(tag)
        if tag == "c":
            self._column = self._column_of(attributes.get("r", ""))
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._is_formula = False
            self._pieces = []
        elif tag == "v" or tag == "t":
            self._is_reading = True
        elif tag == "f":
            self._is_formula = True
        elif tag == "row":
            number = attributes.get("r", "")
            self._number = max(self._number + 1, int(number) if number.isdecimal() else 0)
            self._column, self._cells, self._length = -1, [], 0
        elif tag == "rPh":
            self._is_beside = True

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = _without_prefix(tag)
        if tag == "c":
            text = "".join(self._pieces)
            if self._type == "inlineStr":
                text = unescaped(text)
            if text or self._is_formula:
                self._cells.append(RawCell(self._column, self._type, self._style, text, self._is_formula))
        elif tag == "v" or tag == "t":
            self._is_reading = False
        elif tag == "row":
            self._end_row()
        elif tag == "rPh":
            self._is_beside = False

    def _end_row(self) -> None:
        if self._length >= LONGEST_ROW:
            problem = f"The row is longer than {LONGEST_ROW:,} characters."
            self.rows.append(RawSheetRow(self._number, [], self._length, problem))
        elif self._cells:
            self.rows.append(RawSheetRow(self._number, self._cells, self._length))

    def _column_of(self, reference: str) -> int:
        """The column of `B7`, or the next one where a cell does not say where it is."""
        letters = reference.rstrip("0123456789")
        if not letters:
            return min(self._column + 1, MOST_COLUMNS)
        found = self._columns.get(letters)
        if found is None:
            found = self._columns[letters] = _column_number(letters)
        return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        if not ("A" <= letter <= "Z") or number > MOST_COLUMNS:
            raise Forbidden(f"there is no column {letters[:10]}")
        number = number * 26 + ord(letter) - 64
    if number > MOST_COLUMNS:
        raise Forbidden(f"there is no column {letters[:10]}")
    return number - 1


def column_name(index: int) -> str:
    """`B` for 1."""
    name, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
