"""Tables with a header: the columns of CSV and of a workbook, and what becomes of their cells."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import dropwhile
from typing import Any, Final

from .columns import IGNORED, missing_id, path_of
from .mapping import BoundMapping, Mapping, is_blank
from .names import shortened, unique_names
from .rows import Damaged, Position, RawRow, Unreadable
from .sources import Source

Record = tuple[int, int, int, int, list[Any], str]
"""(first line, last line, offset after it, characters, fields, problem)"""
# In succession. A sheet of Excel may have half as many; a packed file of nothing else unpacks without end.
MOST_BLANK: Final = 2**21


class ColumnTable(ABC):
    """`header` names the columns: by path where no mapping says what they mean, else as the file does.

    `paths` are those that get values, in order, `ignored` the columns that go nowhere.
    """

    delimiter = ","
    is_text = True
    """Whether every cell is a text."""

    header: list[str]
    paths: list[str]
    ignored: set[str]

    def __init__(self, source: Source, *, mapping: Mapping | None = None, at: Position | None = None) -> None:
        """Raises Unreadable where there is no usable header, or where the mapping is of other columns."""
        self.source = source
        records = self._records(None)
        names, line = self._first_names(records)
        reading: BoundMapping | _Plainly
        if mapping:
            reading = mapping.bound_to(unique_names(names), is_text=self.is_text)
        else:
            reading = _Plainly(_checked([path_of(name) for name in names], line), is_text=self.is_text)
        self._reading = reading
        self.header, self.paths, self.ignored = reading.header, reading.paths, reading.ignored
        self._rest = self._after(records, at)

    @property
    def has_blanks(self) -> bool:
        """Whether values may be blank texts; what converts values might make some."""
        return self._reading.completes

    def __iter__(self) -> Iterator[RawRow]:
        width, values = len(self.header), self._values
        complete = self._complete if self._reading.completes or not self.is_text else None
        blank = 0
        for line, last, end, size, fields, problem in self._rest:
            if not problem and len(fields) != width:
                if not fields:
                    blank += 1
                    if blank > MOST_BLANK:
                        raise Damaged(f"The {blank:,} lines up to line {line:,} are blank: that is no table.")
                    continue
                problem = _ragged(len(fields), width)
            row = RawRow(line, fields, {} if problem else values(fields), problem, size, last, end)
            if complete and not problem:
                complete(row)
            blank = 0
            yield row

    def _values(self, fields: list[Any]) -> dict[str, Any]:
        """The cells of a row that are not blank, by path."""
        return self._reading.values(fields)

    def _complete(self, row: RawRow) -> None:
        """What is left to do with a row that has its values."""
        self._reading.complete(row)

    def fields(self, row: RawRow) -> dict[str, Any]:
        """The cells of a row by column."""
        return dict(zip(self.header, row.original, strict=True))

    @abstractmethod
    def _records(self, at: Position | None) -> Iterator[Record]:
        """The records from the start, or those after `at` where the source can seek."""

    def _first_names(self, records: Iterator[Record]) -> tuple[list[str], int]:
        try:
            for number, (line, _, _, _, fields, problem) in enumerate(records):
                if number > MOST_BLANK:
                    raise Unreadable(
                        f"{self.source.name} is no table: it begins with {number:,} blank lines."
                    )
                if problem:
                    raise Unreadable(f"The header cannot be read: {problem}")
                if any(fields):
                    return [str(field) for field in fields], line
        except Damaged as damage:
            raise Unreadable(str(damage)) from damage
        raise Unreadable(f"{self.source.name} is empty: its first line has to name the columns.")

    def _after(self, records: Iterator[Record], at: Position | None) -> Iterator[Record]:
        if at is None:
            return records
        if at.offset and self.source.can_seek:
            return self._records(at)
        return dropwhile(lambda record: record[1] <= at.line, records)


class _Plainly:
    """Cells as they are, under the paths that their columns name; blank ones are absent."""

    completes = False

    def __init__(self, header: list[str], *, is_text: bool) -> None:
        self.header = header
        self.paths = [path for path in header if path not in IGNORED]
        self.ignored = set(IGNORED.intersection(header))
        self.targets = dict(zip(self.paths, self.paths, strict=True))
        self._is_text = is_text

    def values(self, fields: list[Any]) -> dict[str, Any]:
        cells = zip(self.header, fields, strict=True)
        if self._is_text:
            values = {path: cell for path, cell in cells if cell and not cell.isspace()}
        else:
            values = {path: cell for path, cell in cells if not is_blank(cell)}
        for path in self.ignored:
            values.pop(path, None)
        return values

    def complete(self, row: RawRow) -> None:
        pass


def _checked(header: list[str], line: int) -> list[str]:
    if "" in header:
        raise Unreadable(f"Column {header.index('') + 1} has no name in the header (line {line}).")
    if doubled := sorted({name for name in header if header.count(name) > 1}):
        names = ", ".join(f"“{shortened(name)}”" for name in doubled)
        raise Unreadable(f"The header names a column more than once: {names}.")
    if problem := missing_id(header):
        raise Unreadable(f"The header names no distinct ID: {problem}")
    return header


def _ragged(count: int, width: int) -> str:
    fields = "1 field" if count == 1 else f"{count} fields"
    return f"The row has {fields}, the header has {width}."
