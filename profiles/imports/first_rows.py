"""The first rows of a file as a mapping reads them, cell by cell, with what is wrong."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from profiles.models import PropertyDefinition, PropertyKind, label_of_key
from profiles.schema import Schema

from .columns import CUSTOM, unknown_value
from .mapping import IDENTIFIER, Mapping
from .rows import Damaged, RawRow
from .sources import Source
from .tables import Table, table_of


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`raw` is what the file has; `value` what it becomes, where there is no `problem`; both None for none.

    `path` is empty for a column that is passed over.
    """

    column: str
    path: str
    raw: Any = None
    value: Any = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    line: int
    problem: str = ""
    cells: list[ShownCell] = field(default_factory=list)


def first_rows(
    source: Source, mapping: Mapping, schema: Schema, n: int = 15, *, delimiter: str = "", origin: str = ""
) -> list[ShownRow]:
    """Reads the source. Raises Unreadable where the mapping is not of its columns."""
    table = table_of(source, delimiter=delimiter, origin=origin, mapping=mapping)
    rows: list[RawRow] = []
    damage = ""
    try:
        rows.extend(islice(table, n))
    except Damaged as error:
        damage = str(error)
    reading = _Reading(table, mapping, schema)
    shown = [reading.shown(row) for row in rows]
    return [*shown, ShownRow(rows[-1].line + 1 if rows else 1, damage)] if damage else shown


class _Reading:
    """What is needed to tell what becomes of a cell."""

    def __init__(self, table: Table, mapping: Mapping, schema: Schema) -> None:
        self._table = table
        self._zone = ZoneInfo(mapping.zone)
        self._targets = {each.column: each.to for each in mapping.columns}
        self._schema = schema
        self._new = Schema(
            PropertyDefinition(
                kind=PropertyKind.CUSTOM,
                key=path.removeprefix(CUSTOM),
                label=label or label_of_key(path.removeprefix(CUSTOM)),
                type=type,
            )
            for path, type, label in mapping.new_properties
            if not schema.field(path)
        )

    def shown(self, row: RawRow) -> ShownRow:
        if row.problem:
            return ShownRow(row.line, row.problem)
        values, problems = self._validated(row)
        cells = []
        for column, raw in self._table.fields(row).items():
            path = self._targets.get(column, "")
            cells.append(ShownCell(column, path, raw, values.get(path), problems.get(path, "")))
        return ShownRow(row.line, "", cells)

    def _validated(self, row: RawRow) -> tuple[dict[str, Any], dict[str, str]]:
        """Values and problems by path."""
        found = self._schema.validate(row.values, zone=self._zone)
        new = self._new.validate(found.unknown, zone=self._zone)
        named = {f"{IDENTIFIER}{each.kind}": each.value for each in row.identifiers}
        problems = {error.path: error.message for error in [*found.errors, *new.errors]}
        unknown = {path: unknown_value(path, self._schema) for path in new.unknown}
        return {**found.values, **new.values, **named}, {**problems, **unknown, **row.unread}
