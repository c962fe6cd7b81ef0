"""Rows of a workbook's first visible sheet; the first that is not empty names the columns."""

from collections.abc import Iterator
from typing import Final
from xml.parsers.expat import ExpatError

from .column_table import ColumnTable, Record
from .mapping import Mapping
from .packing import BROKEN
from .rows import Damaged, Position, RawRow
from .sources import Source, cause
from .xlsx_book import BadCell, Workbook
from .xlsx_parts import Forbidden, RawSheetRow, column_name, sheet_rows

_FAULTS: Final = (*BROKEN, ExpatError, Forbidden, IndexError, ValueError)


class XlsxTable(ColumnTable):
    """A record's cells are texts, numbers, yes or no; a `line` is a row of the sheet."""

    is_text = False

    def __init__(self, source: Source, *, mapping: Mapping | None = None, at: Position | None = None) -> None:
        self._book = Workbook(source.name, source.workbook())
        source.notes = [*source.notes, *self._book.notes]
        size, length = source.size or 0, self._book.length
        source.done = lambda: size * min(self._book.sheet.tell(), length) // length
        self._width = 0
        self._passed = at.line if at else 0
        super().__init__(source, mapping=mapping, at=at)
        self._places = [self._reading.targets.get(name, "") for name in self.header]

    def _records(self, at: Position | None) -> Iterator[Record]:
        number = 0
        try:
            for row in sheet_rows(self._book.sheet):
                number = row.number
                if self._width and number <= self._passed:
                    continue
                if record := self._record(row):
                    yield record
        except _FAULTS as error:
            raise Damaged(f"The workbook cannot be read beyond row {number:,}: {cause(error)}.") from error

    def _record(self, row: RawSheetRow) -> Record | None:
        """The first row gives the width; what is beyond it has no name."""
        number = row.number
        if row.problem:
            return number, number, 0, row.size, [], row.problem
        cells = {cell.column: self._book.value(cell, number) for cell in row.cells}
        filled = [column for column, value in cells.items() if value != ""]
        if not filled:
            return None
        self._width = self._width or max(filled) + 1
        fields = [cells.get(column, "") for column in range(self._width)]
        last = max(filled)
        problem = _nameless(last, number) if last >= self._width else ""
        return number, number, 0, row.size, fields, problem

    def _complete(self, row: RawRow) -> None:
        """Cells without a value have their reason in its place."""
        for place, cell in enumerate(row.original):
            if type(cell) is BadCell and (path := self._places[place]):
                row.values.pop(path, None)
                row.unread = {**row.unread, path: cell.reason}
        super()._complete(row)


def _nameless(column: int, number: int) -> str:
    return f"Cell {column_name(column)}{number} has a value, but its column has no name in the header."
