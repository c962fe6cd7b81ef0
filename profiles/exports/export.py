"""One export: which profiles, which columns, in which format."""

import gzip
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final, Literal, get_args

from profiles.errors import Refused
from profiles.models.profile import ProfileQuerySet
from profiles.queries.columns import Column

from .parquet import write_parquet
from .snapshot import Progress, Snapshot, snapshot
from .texts import write_csv, write_json_lines
from .workbook import MOST_COLUMNS, MOST_ROWS, write_workbook

Format = Literal["csv", "jsonl", "xlsx", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
# Fast, and a tenth larger than what the usual level makes.
_LEVEL: Final = 4
_BUFFER: Final = 2**18


def ignored(number: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Export:
    """`found` in no order. `is_guarded`: no cell of a CSV is a formula (guard.py).

    A workbook and Parquet are compressed in themselves: `is_compressed` is for CSV and JSON lines.
    """

    found: ProfileQuerySet
    columns: Sequence[Column]
    format: Format
    is_guarded: bool = True
    is_compressed: bool = False

    def write(
        self, file: IO[bytes], *, folder: str = "", counted: Progress = ignored, told: Progress = ignored
    ) -> list[str]:
        """Write all of it; what was left out comes back in sentences, mostly none.

        `counted` hears how many profiles there are before the first is read, `told` now and then how many
        have been. Memory does not grow with the number. `folder` is where a workbook is put together.
        Raises Refused where the format cannot hold so much; then nothing was written.
        """
        refuse_impossible(self.format, columns=len(self.columns))
        with snapshot(self.found, self.columns, counted=counted, told=told) as rows:
            refuse_impossible(self.format, rows=rows.total)
            return self._write(rows, file, folder or tempfile.gettempdir())

    def _write(self, rows: Snapshot, file: IO[bytes], folder: str) -> list[str]:
        match self.format:
            case "xlsx":
                return write_workbook(rows, file, folder=folder)
            case "parquet":
                return write_parquet(rows, file)
        with _text_file(file, self.is_compressed) as text:
            if self.format == "csv":
                write_csv(rows, text, is_guarded=self.is_guarded)
            else:
                write_json_lines(rows, text)
        return []


def refuse_impossible(format: str, *, rows: int = 0, columns: int = 0) -> None:
    """Raise Refused where a file of this format cannot hold so much."""
    if format == "xlsx" and rows > MOST_ROWS:
        raise Refused(
            f"A sheet of Excel holds {MOST_ROWS:,} profiles below its header, and these are {rows:,}: "
            "choose CSV, JSON lines or Parquet, or narrow the filter."
        )
    if format == "xlsx" and columns > MOST_COLUMNS:
        raise Refused(f"A sheet of Excel has {MOST_COLUMNS:,} columns, and these are {columns:,}.")


@contextmanager
def _text_file(file: IO[bytes], is_compressed: bool) -> Iterator[IO[bytes]]:
    if not is_compressed:
        yield file
        return
    with gzip.GzipFile("", "wb", _LEVEL, file) as packed, io.BufferedWriter(packed, _BUFFER) as text:
        yield text
