"""The first rows of a file, as they will be read."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from profiles.errors import Refused
from profiles.imports import ColumnMapping, Mapping, ShownCell, ShownRow, first_rows
from profiles.models import ImportDraft, PropertyDefinition, PropertyKind
from profiles.operations.drafts import open_draft
from profiles.schema import Field, Schema, field_of
from profiles.screens.common.markup import user_text
from profiles.screens.profiles.display import show

from .targets import Targets

ROWS: Final = 15
_SHORT: Final = 40
# As much of a cell as its title shows: cells of a megabyte are files, too.
_CUT: Final = 200


@dataclass(frozen=True, slots=True)
class SampleCell:
    shown: SafeString
    problem: str


@dataclass(frozen=True, slots=True)
class SampleRow:
    """`problem` is why the row cannot be taken at all; then it has no cells."""

    line: int
    problem: str
    cells: list[SampleCell]


@dataclass(frozen=True, slots=True)
class Sample:
    """`heads` are (what the property is called, the column's name); `problem` is why there are no rows."""

    heads: list[tuple[str, str]]
    rows: list[SampleRow]
    problem: str = ""

    @property
    def misfits(self) -> dict[str, str]:
        """By column, what is wrong with the first of its values that does not fit."""
        found: dict[str, str] = {}
        for row in self.rows:
            for (_, column), cell in zip(self.heads, row.cells, strict=False):
                if cell.problem:
                    found.setdefault(column, cell.problem)
        return found


def sample_of(draft: ImportDraft, mapping: Mapping, schema: Schema, targets: Targets) -> Sample:
    mapped = [each for each in mapping.columns if each.to]
    heads = [(each.label if each.type else targets.label(each.to), each.column) for each in mapped]
    try:
        with closing(open_draft(draft)) as source:
            found = first_rows(
                source, mapping, schema, n=ROWS, delimiter=draft.delimiter, origin=draft.origin
            )
    except Refused as refusal:
        return Sample(heads, [], str(refusal))
    fields = [(each.column, _field(each, schema)) for each in mapped]
    return Sample(heads, [_row(row, fields) for row in found])


def _field(column: ColumnMapping, schema: Schema) -> Field | None:
    """The property that the column goes to, also where it is yet to be created."""
    if not column.type:
        return schema.field(column.to)
    key = column.to.removeprefix("custom.")
    return field_of(PropertyDefinition(kind=PropertyKind.CUSTOM, key=key, label=key, type=column.type))


def _row(row: ShownRow, fields: Sequence[tuple[str, Field | None]]) -> SampleRow:
    cells = {cell.column: cell for cell in row.cells}
    shown = [_cell(cells.get(column), field) for column, field in fields] if cells else []
    return SampleRow(row.line, row.problem, shown)


def _cell(cell: ShownCell | None, field: Field | None) -> SampleCell:
    if cell is None:
        return SampleCell(show(None, None), "")
    if cell.problem:
        return SampleCell(user_text(str(cell.raw)[:_CUT], limit=_SHORT), cell.problem)
    return SampleCell(_shown(field, cell.value), "")


def _shown(field: Field | None, value: Any) -> SafeString:
    is_long = isinstance(value, str) and len(value) > _SHORT
    return user_text(value[:_CUT], limit=_SHORT) if is_long else show(field, value)
