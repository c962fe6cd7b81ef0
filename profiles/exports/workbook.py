"""An Excel workbook of one sheet. Its cells are typed: no text is ever taken for a formula."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import IO, Any, Final

from profiles.models import PropertyType
from profiles.queries.columns import Column

from .cells import text_cell
from .snapshot import Snapshot

MOST_ROWS: Final = 2**20 - 1
"""Below the header."""
MOST_COLUMNS: Final = 2**14
LONGEST_CELL: Final = 32_767
# Excel has a 29 February 1900. From the day after, its calendar is ours.
_FIRST_DAY: Final = date(1900, 3, 1)
_EXACT: Final = 15
_TOO_LONG: Final = -2

Put = Callable[[int, int, str], int]


def write_workbook(rows: Snapshot, file: IO[bytes], *, folder: str) -> list[str]:
    """What was left out, in sentences. `folder` takes the sheet until it is packed.

    Numbers and days that Excel would not keep exactly are texts; what is too long for a cell is left out.
    """
    from xlsxwriter import Workbook

    book = Workbook(file, {"constant_memory": True, "tmpdir": folder, "use_zip64": True})
    sheet = book.add_worksheet("Profiles")
    # It would take a text like <r>…</r> for its own markup. There is none here.
    sheet._xml_rich_inline_string = lambda text, given=(): sheet._xml_inline_string(text, True, given)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(rows.columns) - 1, 18)
    sheet.write_row(0, 0, [column.path for column in rows.columns], book.add_format({"bold": True}))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    left_out = _fill(sheet, rows, [_put_of(column, sheet, day) for column in rows.columns])
    book.close()
    if not left_out:
        return []
    values = "1 value was" if left_out == 1 else f"{left_out:,} values were"
    return [f"{values} left out: a cell of Excel holds {LONGEST_CELL:,} characters."]


def _fill(sheet: Any, rows: Snapshot, puts: list[Put]) -> int:
    """How many values did not fit."""
    left_out = 0
    number = 0
    for batch in rows.batches(text_cell):
        for row in batch:
            number += 1
            for place, text in enumerate(row):
                if text and puts[place](number, place, text) == _TOO_LONG:
                    left_out += 1
    return left_out


def _put_of(column: Column, sheet: Any, day: Any) -> Put:
    """What puts a text into a cell, by the type of the column."""
    put_text: Put = sheet.write_string

    def put_number(row: int, place: int, text: str) -> int:
        number = _number(text)
        return put_text(row, place, text) if number is None else sheet.write_number(row, place, number)

    def put_boolean(row: int, place: int, text: str) -> int:
        is_one = text in ("true", "false")
        return sheet.write_boolean(row, place, text == "true") if is_one else put_text(row, place, text)

    def put_day(row: int, place: int, text: str) -> int:
        found = _day(text)
        return sheet.write_datetime(row, place, found, day) if found else put_text(row, place, text)

    match column.type:
        case PropertyType.NUMBER | PropertyType.INTEGER:
            return put_number
        case PropertyType.BOOLEAN:
            return put_boolean
        case PropertyType.DATE:
            return put_day
    return put_text


def _number(text: str) -> float | None:
    """None for what is no number, or has more digits than Excel keeps."""
    try:
        number = float(text)
        is_exact = len(text) <= _EXACT or Decimal(text) == Decimal(f"{number:.15G}")
    except (ArithmeticError, ValueError):
        return None
    return number if is_exact else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None
