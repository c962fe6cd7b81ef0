"""A first look at a file: its columns and some of its cells, before anything is said about what they mean."""

from dataclasses import dataclass, field
from typing import Any

from .mapping import Mapping
from .rows import Damaged, RawRow
from .sources import Source
from .tables import Table, table_of

_MOST_CHARACTERS = 2_000_000


@dataclass(slots=True)
class Look:
    """`rows` have a cell for each column of `header`; None where an object lacks the key.

    `lines` are those where the rows start, `problems` (line, why) of rows that cannot be taken, `notes`
    what of the file is passed over. `is_all` says whether the file has no more rows than these.
    """

    header: list[str]
    rows: list[list[Any]]
    lines: list[int]
    problems: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    delimiter: str = ""
    is_all: bool = False

    def column(self, name: str) -> list[Any]:
        index = self.header.index(name)
        return [row[index] for row in self.rows]


def look_at(source: Source, *, delimiter: str = "", origin: str = "", rows: int = 1_000) -> Look:
    """What the first rows of a source have, which is read by this. Raises Unreadable."""
    table = table_of(source, delimiter=delimiter, origin=origin, mapping=Mapping())
    found, problems, is_all = _first(table, rows)
    cells = [table.fields(row) for row in found]
    header = table.header or list(dict.fromkeys(name for each in cells for name in each))
    return Look(
        header,
        [[each.get(name) for name in header] for each in cells],
        [row.line for row in found],
        problems,
        source.notes,
        table.delimiter,
        is_all,
    )


def _first(table: Table, most: int) -> tuple[list[RawRow], list[tuple[int, str]], bool]:
    """(rows, problems, whether that is all)."""
    found: list[RawRow] = []
    problems: list[tuple[int, str]] = []
    size = 0
    try:
        for row in table:
            size += row.size
            if row.problem:
                problems.append((row.line, row.problem))
            else:
                found.append(row)
            if len(found) + len(problems) >= most or size > _MOST_CHARACTERS:
                return found, problems, False
    except Damaged as damage:
        last = found[-1].line + 1 if found else 1
        problems.append((last, str(damage)))
    return found, problems, True
