"""`manage.py import_profiles`."""

import signal
import sys
import threading
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import DatabaseError

from profiles.errors import Refused
from profiles.imports import FORMATS, Damaged, Rejects, Table, open_source, table_of
from profiles.management.progress import ProgressBar
from profiles.models import Environment, Workspace
from profiles.operations.import_batches import Refusal
from profiles.operations.imports import BATCH, WRITERS, Import

_INCOMPLETE: Final = 1
_UNREADABLE: Final = 2
_INTERRUPTED: Final = 130
_SHOWN: Final = 10

_HELP: Final = """\
Import profiles from a file, or from the input with "-": CSV, TSV or JSON lines, each
also compressed with gzip.

CSV and TSV (RFC 4180) name their columns in the first line:
  distinct_id                  who it is; left out or empty, a new profile gets an ID of its own
  email, first_name, ...       the default properties
  channel.sms, channel.push    channels
  custom.plan                  custom properties; those not defined yet are created with the type of their
                               first 1,000 values, if the workspace takes unknown ones
  status, tags, last_seen_at   active or disabled; tags with ";" between them
  environment                  live or test, instead of --environment
An empty cell is not given: it leaves the value as it is (with --mode replace it clears it).
Ignored are the columns id, display_name, sources, created_at and updated_at, which Profiles keeps itself,
and the line and error of rejected rows. A file with id but without distinct_id is refused.

JSON lines hold one object each, with the same keys; "custom" and "channels" may be objects. null
clears a value.

Modes:
  upsert   create new profiles, update known ones (default)
  create   new profiles only; rows of known ones are refused
  update   known profiles only; rows of new ones are refused
  replace  as upsert, but what a row does not give is cleared

Rows that do not fit are refused, one by one; the others are imported. With --rejects they go to a file
with the same columns after "line" and "error", in UTF-8: correct it and import it. Batches are stored
before they are counted, so an interrupted import can be started again: known people are left as they are.
Only rows without a distinct ID are new people each time.

Exit code: 0 when every row was taken, 1 when some were refused or the file broke off, 2 when nothing could
be read, 130 after Ctrl-C.
"""


class Command(BaseCommand):
    help = _HELP
    requires_migrations_checks = True

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, **{"formatter_class": RawDescriptionHelpFormatter} | options
        )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("file", metavar="FILE", help='the file, or "-" for the input')
        add("--workspace", metavar="SLUG", required=True, help="where to import to")
        add("--mode", choices=("upsert", "create", "update", "replace"), default="upsert")
        add("--environment", choices=Environment.values, default=Environment.LIVE.value)
        add(
            "--rejects",
            metavar="FILE",
            default="",
            help="write refused rows, with line and reasons, to this file",
        )
        add("--dry-run", action="store_true", help="write nothing, and tell what an import would do")
        add("--format", choices=FORMATS, help="instead of what the name or the content says")
        add("--encoding", default="", help="if not UTF-8 or what the file's mark says: cp1252 ...")
        add("--delimiter", default="", help="what separates columns, for example ';' or tab")
        add("--batch", type=_positive, default=BATCH, metavar="N", help=f"rows at a time (default {BATCH:,})")
        add("--writers", type=_positive, default=WRITERS, metavar="N", help="connections that write")

    def handle(self, *, file: str, workspace: str, rejects: str, **options: Any) -> None:
        with ExitStack() as stack:
            stack.enter_context(_terminated_like_interrupted())
            try:
                task = self._prepared(stack, file, workspace, options)
                written = _rejects(stack, rejects, file, task.table)
                ignored = frozenset(task.table.ignored)
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=_UNREADABLE) from refusal
            refusals = _Refusals(self.stderr, written)
            bar = stack.enter_context(
                closing(ProgressBar(cast(TextIO, self.stderr._out), task.table.source.size))
            )
            task.refused = refusals.add
            task.counted = lambda progress: bar.show(rows=progress.total, position=progress.position)
            code, ending = _run(task)
        refusals.close()
        self._tell_ignored(task.table.ignored - ignored)
        if ending:
            self.stderr.write(ending)
        self.stdout.write(_summary(task, rejects if written else ""))
        if code:
            sys.exit(code)

    def _prepared(self, stack: ExitStack, file: str, slug: str, options: dict[str, Any]) -> Import:
        """All that may turn out to be impossible before the first row is written."""
        workspace = Workspace.objects.filter(slug=slug).first()
        if not workspace:
            raise Refused(f"There is no workspace {slug}: “create_workspace {slug}” makes it.")
        source = open_source(file, format=options["format"], encoding=options["encoding"])
        stack.callback(source.close)
        table = table_of(source, delimiter=_delimiter(options["delimiter"]))
        task = Import(
            workspace,
            table,
            mode=options["mode"],
            environment=options["environment"],
            is_dry_run=options["dry_run"],
            batch=options["batch"],
            writers=options["writers"],
        )
        task.prepare()
        if "distinct_id" not in table.paths and table.paths:
            self.stderr.write("There is no column distinct_id: every row becomes a new profile, each time.")
        self._tell_ignored(table.ignored)
        return task

    def _tell_ignored(self, paths: Collection[str]) -> None:
        """In the beginning for what is known by then; in the end for keys of JSON that came late."""
        if paths:
            self.stderr.write(f"Ignored columns: {', '.join(sorted(paths))}.")


class _Refusals:
    """Refused rows: all go to the file of rejects, if there is one; otherwise the first are shown."""

    def __init__(self, stream: OutputWrapper, rejects: Rejects | None) -> None:
        self._stream = stream
        self._rejects = rejects
        self._count = 0

    def add(self, refused: list[Refusal]) -> None:
        if self._rejects:
            self._rejects.add(refused)
            return
        for row, reasons in refused[: max(_SHOWN - self._count, 0)]:
            self._stream.write(f"Line {row.line:,}: {' '.join(reasons)}")
        self._count += len(refused)

    def close(self) -> None:
        if self._count > _SHOWN:
            self._stream.write(f"{self._count - _SHOWN:,} more were refused: --rejects FILE keeps them all.")


def _run(task: Import) -> tuple[int, str]:
    """The exit code, and what to say where the import did not come to the file's end."""
    try:
        task.run()
    except KeyboardInterrupt:
        return _INTERRUPTED, f"Interrupted after line {task.progress.line:,}. {_again(task)}"
    except Damaged as damage:
        return _INCOMPLETE, f"{damage} What came before is done."
    except OSError as error:
        reason = error.strerror or str(error)
        return _INCOMPLETE, f"The refused rows cannot be written: {reason}. {_again(task)}"
    except DatabaseError as error:
        reason = str(error).strip() or type(error).__name__
        return _INCOMPLETE, f"The database stopped the import: {reason}\n{_again(task)}"
    return (_INCOMPLETE if task.progress.counts["refused"] else 0), ""


def _again(task: Import) -> str:
    if task.is_dry_run:
        return "Nothing was written."
    stored = "What is counted here is stored."
    if task.mode == "create":
        return f"{stored} Running it again refuses what exists, and creates the rest."
    return f"{stored} Running it again is safe: what is stored already counts as unchanged."


def _summary(task: Import, rejects: str) -> str:
    counts, total = task.progress.counts, task.progress.total
    kinds = ", ".join(f"{counts[kind]:,} {kind}" for kind in ("created", "updated", "unchanged", "refused"))
    lines = [f"{total:,} {'row' if total == 1 else 'rows'}: {kinds}."]
    if new := ", ".join(f"{each.path} ({each.get_type_display().lower()})" for each in task.new_properties):
        lines.append(f"New properties: {new}.")
    if rejects and counts["refused"]:
        lines.append(f"The refused rows are in {rejects}.")
    if task.is_dry_run:
        lines.append("This was a dry run: nothing was written.")
    return "\n".join(lines)


def _rejects(stack: ExitStack, path: str, file: str, table: Table) -> Rejects | None:
    if not path:
        return None
    if Path(path).exists() and Path(file).exists() and Path(path).samefile(file):
        raise Refused("--rejects may not be the file that is read.")
    try:
        return stack.enter_context(Rejects(path, table))
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from error


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """What stops a service ends the import as Ctrl-C does: with what was done, counted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _delimiter(given: str) -> str:
    delimiter = "\t" if given in ("tab", "\\t") else given
    if len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise Refused("--delimiter is one character, for example ';', or the word tab.")
    return delimiter


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be 1 or more")
    return number
