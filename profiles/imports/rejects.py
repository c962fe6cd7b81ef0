"""The file of rejected rows: correct it and import it again."""

import csv
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from .jsonl_rows import UNREAD
from .rows import RawRow
from .tables import Table

_ADDED = ("line", "error")


class Rejects:
    """The columns of the imported file, after `line` and `error`, as CSV (of a workbook too) or JSON lines.

    Always in UTF-8.
    """

    def __init__(self, path: str, table: Table) -> None:
        """Raises OSError where the file cannot be written."""
        self._is_csv = bool(table.header)
        # Bytes that were no text stay as they were. A surrogate in JSON stays what JSON calls it: \udXXX.
        errors = "surrogateescape" if self._is_csv else "backslashreplace"
        self._file: TextIO = Path(path).open(  # noqa: SIM115 - `__exit__` closes it.
            "w", encoding="utf-8", errors=errors, newline=""
        )
        self._dropped: set[int] = set()
        if self._is_csv:
            self._dropped = {i for i, name in enumerate(table.header) if name in _ADDED}
            self._writer = csv.writer(self._file, delimiter=table.delimiter, lineterminator="\n")
            self._writer.writerow([*_ADDED, *self._kept(table.header)])
        self._file.flush()

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # `add` has said so already.
            self._file.close()

    def add(self, rows: Sequence[tuple[RawRow, list[str]]]) -> None:
        """Write rows with their reasons; they are in the file when this returns. Raises OSError."""
        for row, reasons in rows:
            error = " ".join(reasons)
            if self._is_csv:
                self._writer.writerow([row.line, error, *self._kept(row.original)])
            else:
                self._file.write(_line_of_json(row, error))
        self._file.flush()

    def _kept(self, fields: Sequence[str]) -> list[str]:
        return [field for i, field in enumerate(fields) if i not in self._dropped]


def _line_of_json(row: RawRow, error: str) -> str:
    original = row.original if isinstance(row.original, dict) else {UNREAD: row.original}
    kept = {key: value for key, value in original.items() if key not in _ADDED}
    return json.dumps({"line": row.line, "error": error, **kept}, ensure_ascii=False) + "\n"
