"""Exports of other products: JSON documents of any size, or JSON lines, record by record."""

from collections.abc import Iterator
from typing import Any

from .jsonl_rows import holds_lines, line_rows, record_rows
from .mapping import Mapping
from .origins import ORIGINS
from .rows import Position, RawRow, Unreadable
from .sources import Source


class ExportTable:
    """Rows of profiles, as `origins` read the records; a mapping knows their values by path.

    A `line` is that of a file of JSON lines, else the number of a record.
    """

    delimiter = ""
    header: list[str] = []
    has_blanks = True

    def __init__(
        self, source: Source, origin: str, *, mapping: Mapping | None = None, at: Position | None = None
    ) -> None:
        """Raises Unreadable for an origin that is not known, and for what is no JSON."""
        if origin not in ORIGINS:
            raise Unreadable(f"There is no origin “{origin}”; there are {', '.join(ORIGINS)}.")
        self._origin = ORIGINS[origin]
        if source.format != "jsonl":
            raise Unreadable(f"{source.name} is no export of {self._origin.label}: those are JSON.")
        self.source = source
        self.ignored: set[str] = set()
        self._mapped = mapping.bound_by_name() if mapping else None
        self.paths: list[str] = self._mapped.paths if self._mapped else []
        self._at = at

    def __iter__(self) -> Iterator[RawRow]:
        within = self._origin.within
        is_lines = holds_lines(self.source, within)
        rows = line_rows(self.source, self._at) if is_lines else record_rows(self.source, within, self._at)
        for row in rows:
            if not row.problem:
                self._read(row)
            yield row

    def fields(self, row: RawRow) -> dict[str, Any]:
        """The values of a row by the names that a mapping has for them."""
        return self._origin.read(row.original).values

    def _read(self, row: RawRow) -> None:
        try:
            person = self._origin.read(row.original)
            row.identifiers = person.identifiers
            if self._mapped:
                self._mapped.read_named(row, person.values)
                self.ignored = self._mapped.ignored
            else:
                row.values = person.values
        except ValueError as error:
            row.problem = str(error)
