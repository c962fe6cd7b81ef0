"""CSV and JSON lines: PostgreSQL writes the lines, which are passed on as they come."""

import json
import re
from typing import IO, Final

from .cells import json_cell, text_cell
from .guard import guarded, unguarded
from .snapshot import Snapshot

_CSV: Final = "COPY ({select}) TO STDOUT (FORMAT csv)"
# COPY's text format would double every backslash. JSON has none of these characters, so nothing is quoted.
_LINES: Final = (
    """COPY ({select}) TO STDOUT (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ESCAPE E'\\x01')"""
)


def write_csv(rows: Snapshot, file: IO[bytes], *, is_guarded: bool) -> None:
    """RFC 4180, but for line ends of one character; UTF-8. The header has the paths."""
    file.write(f"{','.join(_heading(column.path) for column in rows.columns)}\n".encode())
    form = guarded if is_guarded else unguarded
    cells = [form(f"cell_{number}", column) for number, column in enumerate(rows.columns)]
    for line in rows.lines(_CSV, text_cell, ", ".join(cells)):
        file.write(line)


def write_json_lines(rows: Snapshot, file: IO[bytes]) -> None:
    """One object a line, by path; what is unset is left out."""
    # A value that is NULL makes its pair NULL, and array_to_string passes over it.
    pairs = ", ".join(f"%s || cell_{number}" for number in range(len(rows.columns)))
    keys = [f"{json.dumps(column.path, ensure_ascii=False)}:" for column in rows.columns]
    for line in rows.lines(_LINES, json_cell, f"'{{' || array_to_string(ARRAY[{pairs}], ',') || '}}'", keys):
        file.write(line)


def _heading(path: str) -> str:
    """Quoted wherever somebody might take a part of it for what separates columns."""
    if re.fullmatch(r"[\w.-]+", path):
        return path
    doubled = path.replace('"', '""')
    return f'"{doubled}"'
