"""`manage.py export_profiles`."""

import csv
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TextIO, cast

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from django.http import QueryDict

from profiles.errors import Refused
from profiles.exports import FORMATS, Export, Format, Wanted, all_paths, export_columns, read_paths
from profiles.filters.profiles import ProfileFilter
from profiles.management.foreground import terminated_like_interrupted
from profiles.management.long_help import LongHelpCommand
from profiles.management.output import STDOUT, output_to
from profiles.management.places import workspace_called
from profiles.management.progress import ProgressBar
from profiles.models import Workspace
from profiles.operations.exports import note_export
from profiles.operations.selections import profiles_in_words

_FAILED: Final = 1
_REFUSED: Final = 2
_INTERRUPTED: Final = 130

_HELP: Final = """\
Write profiles to a file, or with "-o -" to the output: CSV, JSON lines, an Excel workbook or Parquet. It
reads one state of the database, and its memory does not grow with the number of profiles.

--filter takes the query string of the listing's address, such as "country=DE&tags=vip"; days are days in
UTC there. A filter with a mistake writes nothing, and the command says why.

--columns takes paths with "," between them: email, channel.sms, custom.plan, tags ... Left out, or "all", it
means all of them but for id, display_name and identifiers, which can be named. The distinct ID and the
environment come first in any case: they say who a row is about.

What is exported as CSV, JSON lines or XLSX can be imported again, and then nothing has changed. Lists have
";" between their elements; one with a ";" or a line end in an element is written as JSON.

In CSV, texts that a spreadsheet would take for a formula are made harmless: an apostrophe goes before a
cell that begins with = + - @, a tab or a return, also after apostrophes of its own. An import takes it away
again. Numbers, lists of numbers, places and phones stay as they are. --no-formula-guard switches this off.

Exit code: 0 when the file is written, 1 when it could not be finished, 2 when it was not begun, 130 after
Ctrl-C. A file that is not finished does not get its name.
"""


class Command(LongHelpCommand):
    help = _HELP
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--workspace", metavar="SLUG", required=True)
        add("--format", choices=FORMATS, help="if the name of the file does not say it; else csv")
        add("-o", "--output", metavar="FILE", required=True, help='the file, or "-" for the output')
        add("--filter", metavar="QUERYSTRING", default="", help="as in the listing's address")
        add("--columns", metavar="PATHS", default="all", help='paths with "," between them (default: all)')
        add("--gzip", action="store_true", help="compress CSV and JSON lines; so does a name with .gz")
        add("--no-formula-guard", action="store_true", help="leave texts as they are, formulas too")

    def handle(self, *, output: str, **options: Any) -> None:
        try:
            workspace = workspace_called(options["workspace"])
            wanted = _wanted(options, output, workspace)
            export = _export(workspace, wanted, options["filter"])
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=_REFUSED) from refusal
        told = _Told(cast(TextIO, self.stderr._out))
        try:
            with terminated_like_interrupted(), closing(told), output_to(output) as file:
                left_out = export.write(file, folder=_folder(output), counted=told.begin, told=told.show)
                note_export(workspace, wanted, rows=told.total, filter=options["filter"])
        except KeyboardInterrupt:
            self.stderr.write("Interrupted: the file is not finished, and did not get its name.")
            sys.exit(_INTERRUPTED)
        except BrokenPipeError:
            # The output cannot be flushed any more when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_FAILED)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=_REFUSED) from refusal
        except (OSError, DatabaseError) as error:
            raise CommandError(f"{output} was not written: {_cause(error)}.", returncode=_FAILED) from error
        for sentence in left_out:
            self.stderr.write(sentence)
        summary, place = (self.stderr, "") if output == STDOUT else (self.stdout, f" to {output}")
        summary.write(f"{profiles_in_words(told.total)} written{place}.")


class _Told:
    """Shows the progress, once it is known how much there is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: ProgressBar | None = None
        self.total = 0

    def begin(self, total: int) -> None:
        self.total = total
        self._bar = ProgressBar(self._stream, total)

    def show(self, number: int) -> None:
        if self._bar:
            self._bar.show(rows=number, position=number)

    def close(self) -> None:
        if self._bar:
            self._bar.close()


def _wanted(options: dict[str, Any], output: str, workspace: Workspace) -> Wanted:
    suffixes = [suffix.removeprefix(".").lower() for suffix in Path(output).suffixes[-2:]]
    is_packed = options["gzip"] or suffixes[-1:] == ["gz"]
    named = next((each for each in FORMATS if each in suffixes), "csv")
    format = cast(Format, options["format"] or named)
    is_binary = is_packed or format in ("xlsx", "parquet")
    if output == STDOUT and is_binary and sys.stdout.isatty():
        raise Refused("This is no text for a terminal: give a file, or pass the output on.")
    if is_packed and format in ("xlsx", "parquet"):
        raise Refused(f"--gzip and .gz are for CSV and JSON lines: {format} is compressed in itself.")
    columns = export_columns(workspace)
    given = options["columns"].strip()
    # As in a line of CSV, so that a key may have a comma.
    paths = all_paths(columns) if given == "all" else [path.strip() for path in next(csv.reader([given]), [])]
    chosen = read_paths(paths, columns)
    return Wanted(format, [each.path for each in chosen], not options["no_formula_guard"], is_packed)


def _export(workspace: Workspace, wanted: Wanted, filter: str) -> Export:
    found = ProfileFilter(QueryDict(filter.removeprefix("?")), workspace=workspace)
    if found.problems:
        raise Refused(" ".join(found.problems))
    columns = read_paths(wanted.paths, export_columns(workspace))
    return Export(found.matching(), columns, wanted.format, wanted.is_guarded, wanted.is_compressed)


def _folder(output: str) -> str:
    """A workbook is put together where there has to be room for it anyway."""
    parent = Path(output).resolve().parent
    return "" if output == STDOUT or not parent.is_dir() else str(parent)


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).strip().rstrip(".") or type(error).__name__
