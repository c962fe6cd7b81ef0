"""A workbook: which of its sheets is read, and what its cells are: numbers, dates, texts, mistakes.

openpyxl is imported where a workbook is opened: it takes a tenth of the time in which a process starts, and
every writer of an import would wait for it.
"""

from __future__ import annotations

import math
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, Final, cast

from .packing import BROKEN, Unpacking
from .rows import Unreadable
from .xlsx_parts import RawCell, SharedTexts, column_name

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

_LARGEST_PART: Final = 2**24
_STREAMED: Final = ("xl/worksheets/", "xl/sharedStrings.xml", "xl/media/")
_NEVER_WAS: Final = 60
_DIGITS: Final = 15


class BadCell(str):
    """What a cell shows in place of a value, such as `#N/A`, and the sentence that says why it has none."""

    reason: str
    __slots__ = ("reason",)

    def __new__(cls, text: str, reason: str) -> BadCell:
        cell = super().__new__(cls, text)
        cell.reason = reason
        return cell


class Workbook:
    """`sheet` is the stream of the one that is read, `notes` say which are not."""

    def __init__(self, name: str, file: IO[bytes]) -> None:
        """Raises Unreadable."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # About styles and extensions, which are not read here.
                reader = _reader_of(name, file)
                sheets = [
                    (sheet.name, sheet.state, rel.target)
                    for sheet, rel in reader.parser.find_sheets()
                    if rel.target in reader.valid_files and "chartsheet" not in rel.Type
                ]
        except Unreadable:
            raise
        except Exception as error:  # openpyxl raises whatever its parts do on a workbook that is none.
            raise Unreadable(
                f"{name} cannot be read as a workbook: {str(error)[:200] or type(error).__name__}. "
                "Open it in a spreadsheet program and save it as .xlsx."
            ) from error
        if not sheets:
            raise Unreadable(f"{name} has no sheet that can be read. Save it as an ordinary .xlsx workbook.")
        self._archive = reader.archive
        title, _, path = next((each for each in sheets if each[1] == "visible"), sheets[0])
        self.notes = _notes(title, [each[0] for each in sheets if each[2] != path])
        self.sheet, self.length = self._open(path), max(self._archive.getinfo(path).file_size, 1)
        self._texts = SharedTexts(self._shared(reader))
        self._dates = frozenset(map(str, reader.wb._date_formats))
        self._spans = frozenset(map(str, reader.wb._timedelta_formats))
        self._moment = lru_cache(2**14)(_moment_reader(reader.wb.epoch))

    def value(self, cell: RawCell, number: int) -> Any:
        """What a cell of the row `number` holds, as JSON; never None. Raises IndexError and ValueError."""
        text = cell.text
        if cell.type == "s":
            return self._texts[int(text)]
        if cell.is_formula and not text and cell.type != "str":
            return BadCell("#FORMULA!", _unsaved(cell, number))
        if cell.type == "n":
            is_date = cell.style in self._dates
            return self._read_moment(cell, number) if is_date else _number(text)
        if cell.type == "e":
            return BadCell(text, f"Cell {column_name(cell.column)}{number} holds the error {text[:40]}.")
        return text.strip() == "1" if cell.type == "b" else text

    def _read_moment(self, cell: RawCell, number: int) -> str:
        try:
            moment: str = self._moment(cell.text, cell.style in self._spans)
            return moment
        except (OverflowError, ValueError):
            place = f"{column_name(cell.column)}{number}"
            return BadCell(cell.text, f"Cell {place} is marked as a date, but {cell.text[:40]} is none.")

    def _shared(self, reader: ExcelReader) -> IO[bytes] | None:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        part = reader.package.find(kind)
        return self._open(part.PartName[1:]) if part is not None else None

    def _open(self, path: str) -> IO[bytes]:
        """Bombs are put out as in any .zip."""
        member = self._archive.getinfo(path)
        try:
            opened = self._archive.open(member)
        except (*BROKEN, NotImplementedError, RuntimeError) as error:
            raise Unreadable(f"The workbook's {path} cannot be unpacked: {error}.") from error
        stream = Unpacking(opened, lambda: member.compress_size)
        return cast(IO[bytes], stream)


def _reader_of(name: str, file: IO[bytes]) -> ExcelReader:
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    file.seek(0)
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    _refuse_large_parts(name, reader.archive)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


def _refuse_large_parts(name: str, archive: zipfile.ZipFile) -> None:
    """openpyxl reads these at once."""
    for member in archive.infolist():
        is_read = member.filename.endswith((".xml", ".rels")) and not member.filename.startswith(_STREAMED)
        if is_read and member.file_size > _LARGEST_PART:
            raise Unreadable(f"{name} has a part, {member.filename[:80]}, that is too large for a table.")


def _notes(title: str, others: Sequence[str]) -> list[str]:
    if not others:
        return []
    named = ", ".join(f"“{other[:40]}”" for other in others[:10])
    more = f" and {len(others) - 10} more" if len(others) > 10 else ""
    return [f"Only the first visible sheet, “{title}”, is read, and not {named}{more}."]


def _unsaved(cell: RawCell, number: int) -> str:
    return (
        "The result of a formula was not saved: open the file in a spreadsheet program and save it; "
        f"it is in cell {column_name(cell.column)}{number}."
    )


def _number(text: str) -> Any:
    """As the program shows it: with 15 digits, of the 17 that it stores."""
    try:
        return int(text) if text.isdecimal() and len(text) <= _DIGITS else _short(float(text))
    except ValueError:
        return text


def _short(number: float) -> Any:
    if not math.isfinite(number):
        raise ValueError
    number = float(f"{number:.{_DIGITS}g}")
    return int(number) if number.is_integer() and abs(number) < 10**_DIGITS else number


def _moment_reader(epoch: datetime) -> Any:
    from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

    def read(text: str, is_span: bool) -> str:
        number = float(text)
        if int(number) == _NEVER_WAS and epoch == WINDOWS_EPOCH and not is_span:
            raise ValueError  # 29 February 1900, which spreadsheets believe in.
        return _iso(from_excel(number, epoch, timedelta=is_span))

    return read


def _iso(found: datetime | date | time | timedelta) -> str:
    if isinstance(found, timedelta):
        minutes, seconds = divmod(round(found.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    if isinstance(found, datetime) and found.time() == time():
        return found.date().isoformat()
    return found.isoformat()
