"""Rows of CSV and TSV (RFC 4180). A broken row is reported, and reading goes on in its next line."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from .columns import IGNORED, missing_id, path_of
from .rows import LONGEST_ROW, RawRow, Unreadable
from .sources import Source

_MEANT: Final = (("\t", "tab"), (";", "“;”"), ("|", "“|”"), (",", "“,”"))
_NOWHERE: Final = ""

csv.field_size_limit(LONGEST_ROW)


class CsvTable:
    """`header` names all columns by path; `paths` are those of them that are not `ignored`, in order."""

    def __init__(self, source: Source, *, delimiter: str = "") -> None:
        self.source = source
        self.delimiter = delimiter or ("\t" if source.format == "tsv" else ",")
        self._records = _records(source.lines(), self.delimiter)
        self.header = self._header()
        self._columns = [path if path not in IGNORED else _NOWHERE for path in self.header]
        self.paths = [path for path in self._columns if path != _NOWHERE]
        self.ignored = IGNORED.intersection(self.header)

    def __iter__(self) -> Iterator[RawRow]:
        columns, width = self._columns, len(self._columns)
        for line, size, fields, problem in self._records:
            if problem:
                yield RawRow(line, fields, problem=problem, size=size)
            elif len(fields) == width:
                values = {
                    path: value
                    for path, value in zip(columns, fields, strict=True)
                    if value and not value.isspace()
                }
                values.pop(_NOWHERE, None)
                yield RawRow(line, fields, values, "", size)
            elif fields:
                yield RawRow(line, fields, problem=_ragged(len(fields), width), size=size)

    def _header(self) -> list[str]:
        for line, _, fields, problem in self._records:
            if problem:
                raise Unreadable(f"The header cannot be read: {problem}")
            if fields:
                header = [path_of(name) for name in fields]
                self._check(header, line)
                return header
        raise Unreadable(f"{self.source.name} is empty: its first line has to name the columns.")

    def _check(self, header: list[str], line: int) -> None:
        for character, name in _MEANT:
            if len(header) == 1 and character in header[0]:
                option = "tab" if character == "\t" else f"'{character}'"
                raise Unreadable(
                    f"The header is one column, “{_shortened(header[0])}”. "
                    f"If {name} separates the columns, say --delimiter {option}."
                )
        if "" in header:
            raise Unreadable(f"Column {header.index('') + 1} has no name in the header (line {line}).")
        doubled = sorted({name for name in header if header.count(name) > 1})
        if doubled:
            names = ", ".join(f"“{_shortened(name)}”" for name in doubled)
            raise Unreadable(f"The header names a column more than once: {names}.")
        if problem := missing_id(header):
            raise Unreadable(f"The header names no distinct ID: {problem}")


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, int, list[str], str]]:
    """(line, characters, fields, problem). The fields of a row with a problem are its first line alone."""
    feed = _Feed(iter(lines))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            yield feed.line, feed.size, [feed.held[0].rstrip("\r\n")], feed.problem(error)
            feed.resume_after_first_line()
        else:
            yield feed.line, feed.size, fields, feed.undecodable


class _TooLong(Exception):
    pass


class _Feed:
    """Hands lines to a `csv.reader`, and keeps those of the row under way to tell what is wrong with it."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._read = 0
        self.begin()

    def begin(self) -> None:
        self.line = self._read + 1
        self.held: list[str] = []
        self.size = 0
        self.undecodable = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._read += 1
        self.held.append(line)
        self.size += len(line)
        if self.size >= LONGEST_ROW:
            raise _TooLong
        if not line.isascii() and not self.undecodable:
            self.undecodable = undecodable(line, self._read)
        return line

    def resume_after_first_line(self) -> None:
        """A quote that never closes swallows good lines: read them again."""
        self._again.extendleft(reversed(self.held[1:]))
        self._read -= len(self.held) - 1

    def problem(self, error: Exception) -> str:
        if "expected after" in str(error):
            before = f"The quote opened in line {self.line:,} ends within line {self._read:,}. "
            return (
                before if len(self.held) > 1 else ""
            ) + 'A quote in a quoted value has to be doubled ("").'
        if opened := self._open_quote():
            return f"The quote opened in line {opened:,} is never closed."
        return f"The row is longer than {LONGEST_ROW:,} characters."

    def _open_quote(self) -> int:
        """The line in which a quote was opened that is open still, or 0."""
        opened = 0
        for number, line in enumerate(self.held, self.line):
            if line.count('"') % 2:
                opened = 0 if opened else number
        return opened


def undecodable(line: str, number: int) -> str:
    """Why the line cannot be text, or nothing."""
    try:
        line.encode()
    except UnicodeEncodeError as error:
        byte = ord(line[error.start]) & 0xFF
        return (
            f"Line {number:,} is not text in the file's encoding: byte 0x{byte:02X} after "
            f"“{line[max(0, error.start - 20) : error.start]}”. If the whole file has another one, name it."
        )
    return ""


def _ragged(count: int, width: int) -> str:
    fields = "1 field" if count == 1 else f"{count} fields"
    return f"The row has {fields}, the header has {width}."


def _shortened(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:80]}…"
