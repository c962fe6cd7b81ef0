"""Rows of CSV and TSV (RFC 4180). A broken row is reported, and reading goes on in its next line."""

import csv
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

from .column_table import MOST_BLANK, ColumnTable, Record
from .guard import unguarded
from .mapping import Mapping
from .rows import LONGEST_ROW, Position
from .sources import Source

_DELIMITERS: Final = (",", ";", "\t", "|")

csv.field_size_limit(LONGEST_ROW)


class CsvTable(ColumnTable):
    """`delimiter` is what was asked for, or what the header has."""

    def __init__(
        self,
        source: Source,
        *,
        delimiter: str = "",
        mapping: Mapping | None = None,
        at: Position | None = None,
    ) -> None:
        self.delimiter = delimiter or ("\t" if source.format == "tsv" else "")
        super().__init__(source, mapping=mapping, at=at)

    def _values(self, fields: list[Any]) -> dict[str, Any]:
        return self._reading.values(unguarded(fields))

    def _records(self, at: Position | None) -> Iterator[Record]:
        lines = self.source.lines(at)
        first = [] if self.delimiter else _first_lines(lines)
        self.delimiter = self.delimiter or _delimiter_of(first)
        return _records(self.source, chain(first, lines), self.delimiter, read=at.line if at else 0)


def _first_lines(lines: Iterator[str]) -> list[str]:
    """Up to the first line that is not blank."""
    found = []
    for line in islice(lines, MOST_BLANK):
        found.append(line)
        if not line.isspace():
            break
    return found


def _delimiter_of(lines: list[str]) -> str:
    """What is most often between the names of the header, outside of quotes."""
    header = "".join(lines[-1:])
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _records(source: Source, lines: Iterator[str], delimiter: str, *, read: int) -> Iterator[Record]:
    """`read` lines came before."""
    feed = _Feed(source, lines, read)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while line := feed.begin():
        if '"' in line or len(line) >= LONGEST_ROW:
            yield _quoted(feed, reader)
            continue
        # What the reader, too, would make of a line without quotes.
        text = line.rstrip("\r\n")
        fields = text.split(delimiter) if text else []
        problem = "" if line.isascii() else undecodable(line, feed.line)
        yield feed.line, feed.line, feed.end, len(line), fields, problem


def _quoted(feed: "_Feed", reader: Iterator[list[str]]) -> Record:
    """The record that begins with the line at hand. With a problem, its fields are its first line alone."""
    feed.give_back()
    try:
        fields = next(reader)
    except (csv.Error, _TooLong) as error:
        problem = feed.problem(error)
        line, end = feed.held[0]
        feed.resume_after_first_line()
        return feed.line, feed.line, end, feed.size, [line.rstrip("\r\n")], problem
    return feed.line, feed.read, feed.end, feed.size, fields, feed.undecodable


class _TooLong(Exception):
    pass


class _Feed:
    """Hands lines to a `csv.reader`, and keeps those of the row under way to tell what is wrong with it."""

    def __init__(self, source: Source, lines: Iterator[str], read: int) -> None:
        self._source = source
        self._lines = lines
        self._again: deque[tuple[str, int]] = deque()
        self._at_hand = ""
        self.read = self.line = read
        self.end = 0
        self._forget()

    def begin(self) -> str:
        """The line that the next record begins with, or nothing at the end."""
        self._at_hand = self._next_line()
        self.read += 1
        self.line = self.read
        return self._at_hand

    def give_back(self) -> None:
        """The reader is to have the line at hand."""
        self._again.appendleft((self._at_hand, self.end))
        self.read -= 1
        self._forget()

    def _forget(self) -> None:
        """What is known of the row before."""
        self.held: list[tuple[str, int]] = []
        self.size = 0
        self.undecodable = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not (line := self._next_line()):
            raise StopIteration
        self.read += 1
        self.held.append((line, self.end))
        self.size += len(line)
        if self.size >= LONGEST_ROW:
            raise _TooLong
        if not line.isascii() and not self.undecodable:
            self.undecodable = undecodable(line, self.read)
        return line

    def _next_line(self) -> str:
        if self._again:
            line, self.end = self._again.popleft()
            return line
        line = next(self._lines, "")
        self.end = self._source.offset
        return line

    def resume_after_first_line(self) -> None:
        """A quote that never closes swallows good lines: read them again."""
        self._again.extendleft(reversed(self.held[1:]))
        self.read -= len(self.held) - 1

    def problem(self, error: Exception) -> str:
        if "expected after" in str(error):
            before = f"The quote opened in line {self.line:,} ends within line {self.read:,}. "
            return (
                before if len(self.held) > 1 else ""
            ) + 'A quote in a quoted value has to be doubled ("").'
        if opened := self._open_quote():
            return f"The quote opened in line {opened:,} is never closed."
        return f"The row is longer than {LONGEST_ROW:,} characters."

    def _open_quote(self) -> int:
        """The line in which a quote was opened that is open still, or 0."""
        opened = 0
        for number, (line, _) in enumerate(self.held, self.line):
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
