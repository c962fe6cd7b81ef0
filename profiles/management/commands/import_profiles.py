"""`manage.py import_profiles`."""

import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TextIO, cast

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from profiles.errors import Refused
from profiles.management.foreground import pause_unless_ended, terminated_like_interrupted
from profiles.management.import_options import STDIN, add_policies, add_reading, positive, settings_of
from profiles.management.import_summary import closing_words, refusals, summary
from profiles.management.long_help import LongHelpCommand
from profiles.management.places import workspace_called
from profiles.management.progress import ProgressBar
from profiles.models import Job, JobKind, JobState
from profiles.operations.imports import BATCH, WRITERS, ImportSettings, make_import
from profiles.operations.jobs import resume_job, run_job
from profiles.operations.jobs.rejects import write_rejects

_INCOMPLETE: Final = 1
_UNREADABLE: Final = 2
_INTERRUPTED: Final = 130
_SECONDS_BETWEEN_LOOKS: Final = 0.5

_HELP: Final = """\
Import profiles from a file, or from the input with "-": CSV, TSV, JSON lines or XLSX, each
also compressed with gzip or zip, or an export of CleverTap, Segment or Zendesk (--from).

Without --map, the first line of CSV, TSV and XLSX names what the columns mean:
  distinct_id                  who it is; left out or empty, a new profile gets an ID of its own
  email, first_name, ...       the default properties
  channel.sms, channel.push    channels
  custom.plan                  custom properties; those not defined yet are created with the type of their
                               first 1,000 values, if the workspace takes unknown ones
  status, tags, last_seen_at   active or disabled; tags with ";" between them
  environment                  live or test, instead of --environment
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
with the same columns after "line" and "error", in UTF-8: correct it and import it. Where a profile comes
more than once in a file, later rows apply on top of earlier ones.

The import is a job, which the workspace's Jobs page shows. Stopped, even killed, it has stored what it
counted: --resume goes on from there, and nothing is lost or done twice.

Exit code: 0 when every row was taken, 1 when some were refused or the file broke off, 2 when nothing could
be read, 130 after Ctrl-C.
"""


class Command(LongHelpCommand):
    help = _HELP
    requires_migrations_checks = True
    # Those of the whole site load every screen, which takes as long as the import of some thousand rows.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("file", metavar="FILE", nargs="?", default="", help='the file, or "-" for the input')
        add("--workspace", metavar="SLUG", default="", help="where to import to")
        add_policies(parser)
        add_reading(parser)
        add(
            "--rejects",
            metavar="FILE",
            default="",
            help="write refused rows, with line and reasons, to this file",
        )
        add("--dry-run", action="store_true", help="write nothing, and tell what an import would do")
        add("--resume", metavar="JOB", type=positive, help="go on with this job where it stopped")
        add("--detach", action="store_true", help="leave it to the workers, on this machine")
        add("--batch", type=positive, default=BATCH, metavar="N", help=f"rows at a time (default {BATCH:,})")
        add("--writers", type=positive, default=WRITERS, metavar="N", help="connections that write")

    def handle(self, *, file: str, rejects: str, detach: bool, **options: Any) -> None:
        try:
            rejects = "" if detach else rejects
            resume: int | None = options["resume"]
            job = _resumed(resume, rejects, detach) if resume else _made(file, rejects, detach, options)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=_UNREADABLE) from refusal
        if detach:
            self.stdout.write(f"/w/{job.workspace.slug}/jobs/{job.pk}/")
            return
        job, is_interrupted = self._run(job)
        self._tell(job, rejects)
        if code := _INTERRUPTED if is_interrupted else _code(job):
            sys.exit(code)

    def _run(self, job: Job) -> tuple[Job, bool]:
        """The job as it stands then, and whether Ctrl-C stopped it: what was under way is finished first."""
        path = Path(ImportSettings.of(job).path)
        size = path.stat().st_size if path.is_file() else None
        with (
            terminated_like_interrupted(),
            closing(ProgressBar(cast(TextIO, self.stderr._out), size)) as bar,
        ):
            try:
                return run_job(job.pk, committed=_Progress(job, bar), takes_turns=False), False
            except KeyboardInterrupt:
                connection.close()
                pause_unless_ended(job)
                job = run_job(job.pk)  # A turn in which it hears that.
                return job, not job.has_ended

    def _tell(self, job: Job, rejects: str) -> None:
        if ignored := job.report.get("ignored"):
            self.stderr.write(f"Ignored columns: {', '.join(ignored)}.")
        if job.refused and not rejects:
            for line in refusals(job):
                self.stderr.write(line)
        written = _write(job, rejects) if rejects else ""
        if ending := " ".join(filter(None, (closing_words(job), written))):
            self.stderr.write(ending)
        if job.done or job.state in (JobState.DONE, JobState.PARTIAL):
            self.stdout.write(summary(job, "" if written else rejects))
        if written:
            sys.exit(_INCOMPLETE)


class _Progress:
    """Shows what was counted; how far the file was read is looked up now and then."""

    def __init__(self, job: Job, bar: ProgressBar) -> None:
        self._job = job
        self._bar = bar
        self._rows = job.done
        self._position, self._looked = 0, 0.0
        self._lock = threading.Lock()

    def __call__(self, counts: Mapping[str, int]) -> None:
        with self._lock:
            self._rows += sum(counts.values())
            if time.monotonic() - self._looked > _SECONDS_BETWEEN_LOOKS:
                self._looked = time.monotonic()
                found = Job.objects.filter(pk=self._job.pk).values_list("report__position", flat=True)
                self._position = found.first() or 0
            self._bar.show(rows=self._rows, position=self._position)


def _made(file: str, rejects: str, detach: bool, options: dict[str, Any]) -> Job:
    """The job of a new import. Raises Refused, and makes none, for what is impossible from the start."""
    if not file or not options["workspace"]:
        raise Refused("Name the FILE and its --workspace, or a job to --resume.")
    if detach and file == STDIN:
        raise Refused("Only a file can be left to the workers, not the input.")
    workspace = workspace_called(options["workspace"])
    if file != STDIN and not Path(file).exists():
        raise Refused(f"{file} cannot be read: No such file or directory.")
    settings = settings_of(workspace, file, options)
    _refuse_rejects(rejects, file)
    return make_import(
        workspace,
        settings,
        subject="the input" if file == STDIN else file,
        actor=None,
        is_preview=options["dry_run"],
        is_detached=detach,
    )


def _resumed(number: int, rejects: str, detach: bool) -> Job:
    job = Job.objects.filter(pk=number, kind__in=(JobKind.IMPORT, JobKind.PREVIEW)).first()
    if not job:
        raise Refused(f"There is no import {number}.")
    _refuse_rejects(rejects, ImportSettings.of(job).path)
    resume_job(job, for_workers=detach)
    return job


def _refuse_rejects(path: str, file: str) -> None:
    """Raise Refused where nothing could be written there in the end. What is there stays until then."""
    if not path:
        return
    if Path(path).exists() and Path(file).exists() and Path(path).samefile(file):
        raise Refused("--rejects may not be the file that is read.")
    try:
        Path(path).open("a").close()
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from error


def _write(job: Job, path: str) -> str:
    """Why the rejects could not be written, or nothing."""
    try:
        with Path(path).open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            if job.refused:
                write_rejects(job, stream)
    except OSError as error:
        return (
            f"The refused rows cannot be written: {error.strerror or error}. "
            f"They are kept: /w/{job.workspace.slug}/jobs/{job.pk}/ has them too."
        )
    return ""


def _code(job: Job) -> int:
    if job.state == JobState.DONE:
        return 0
    return _UNREADABLE if job.state == JobState.FAILED and not job.done else _INCOMPLETE
