"""Lists of distinct IDs, as people paste or send them: one a line, or the first column of a table."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, Final

from profiles.errors import Refused

from .guard import unguarded

MOST_IDS: Final = 1_000_000
# Far longer than a distinct ID may be: such a line comes from a file of another kind.
_LONGEST_LINE: Final = 20_000
_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# How .xlsx and .zip begin, and .gz.
_PACKED: Final = (b"PK\x03\x04", b"\x1f\x8b")
_HEADERS: Final = ("distinct_id", "distinct id")


def ids_in(stream: IO[bytes], *, is_table: bool = False) -> Iterator[str]:
    """The IDs of a list in UTF-8 or, where it begins with its mark, UTF-16; without blank lines.

    A table is CSV with , ; or tab between its columns, whose cells may be guarded as those of exports are. A
    first line “distinct_id” is a heading. Reads as it goes; raises Refused for what is no such list, or a
    longer one than MOST_IDS.
    """
    text = io.TextIOWrapper(stream, encoding=_encoding(stream), newline=None)
    try:
        for number, value in enumerate(_values(text, is_table=is_table)):
            if number >= MOST_IDS:
                raise Refused(f"The list has more than {MOST_IDS:,} lines: divide it.")
            yield value
    finally:
        text.detach()


def _encoding(stream: IO[bytes]) -> str:
    """By its mark; a pipe, which gives every byte once, is looked at ahead. Refuses what is packed."""
    if isinstance(stream, io.BufferedReader):
        start = stream.peek(4)[:4]
    else:
        start = stream.read(4)
        stream.seek(0)
    if start.startswith(_PACKED):
        raise Refused("This is a workbook or a packed file: save the list as text or CSV, and send that.")
    return next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8-sig")


def _values(text: io.TextIOWrapper, *, is_table: bool) -> Iterator[str]:
    separator = ""
    for number, line in enumerate(_lines(text), start=1):
        if number == 1 and is_table:
            separator = max("\t;,", key=line.count)
        value = (_first_cell(line, separator) if is_table else line).strip()
        if value and not (number == 1 and value.lower() in _HEADERS):
            yield value


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := _line(text, number):
        number += 1
        if len(line) >= _LONGEST_LINE:
            raise Refused(f"Line {number:,} is too long for a distinct ID: one ID a line is expected.")
        yield line


def _line(text: io.TextIOWrapper, number: int) -> str:
    try:
        return text.readline(_LONGEST_LINE)
    except UnicodeError as error:
        place = f"Soon after line {number:,}" if number else "Near its beginning"
        raise Refused(f"{place} the list is not UTF-8: save it as UTF-8 and send it again.") from error


def _first_cell(line: str, separator: str) -> str:
    is_quoted = '"' in line
    cells = next(csv.reader([line], delimiter=separator), [""]) if is_quoted else line.split(separator, 1)
    return unguarded(cells[:1])[0]
