"""`manage.py undo_job`."""

import sys
from collections.abc import Mapping
from typing import Any, Final, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.errors import Refused
from profiles.management.foreground import run_in_foreground
from profiles.models import Door, Job, JobState
from profiles.operations.jobs.undo_plan import Deed
from profiles.operations.jobs.undo_preview import UndoPreview, undo_preview
from profiles.operations.jobs.undoing import make_undo, undo_refusal
from profiles.queries.undo import count_changed

_INCOMPLETE: Final = 1
_REFUSED: Final = 2
_INTERRUPTED: Final = 130
_WORDS: Final[Mapping[Deed, str]] = {
    "restore": "put back",
    "remove": "removed for good",
    "leave": "left alone, at least in part",
    "settled": "as before already",
}


class Command(BaseCommand):
    help = (
        "Undo a bulk change or an import: put back what it changed and remove the profiles that it created, "
        "wherever nobody has changed them since. Exit code: 0 when everything is as before, 1 when something "
        "was left alone (the job's page lists it with the reasons), 2 when nothing can be undone, 130 after "
        "Ctrl-C."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", type=int, metavar="JOB", help="its number, as its page shows it")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing, and tell what would happen"
        )

    def handle(self, *, job: int, yes: bool, dry_run: bool, **options: Any) -> None:
        undone = self._found(job)
        if dry_run or not yes:
            self._tell(undone, undo_preview(undone))
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
            return
        if not yes:
            self._ask()
        ended = self._run(undone)
        self.stdout.write(_summary(ended))
        if ended.state != JobState.DONE:
            sys.exit(_INTERRUPTED if ended.state == JobState.PAUSED else _INCOMPLETE)

    def _found(self, pk: int) -> Job:
        job = Job.objects.select_related("workspace").filter(pk=pk).first()
        if not job:
            raise CommandError(f"There is no job {pk}.", returncode=_REFUSED)
        if sentence := undo_refusal(job):
            raise CommandError(sentence, returncode=_REFUSED)
        return job

    def _tell(self, job: Job, preview: UndoPreview) -> None:
        about = "about " if preview.is_about else ""
        self.stdout.write(f"{job} of {job.workspace}: {job.subject}")
        for deed, words in _WORDS.items():
            if number := preview.numbers.get(deed):
                self.stdout.write(f"  {about}{number:,} {words}")
        for kind, number in preview.kinds:
            self.stdout.write(f"  Left alone: {kind[0].lower()}{kind[1:]} ({about}{number:,})")

    def _ask(self) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to be asked: --yes undoes it.", returncode=_REFUSED)
        if input("Undo it? [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was changed.", returncode=_REFUSED)

    def _run(self, undone: Job) -> Job:
        try:
            job = make_undo(undone, actor=None, door=Door.COMMAND)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=_REFUSED) from refusal
        return run_in_foreground(job, stream=cast(TextIO, self.stderr._out), size=count_changed(undone))


def _summary(job: Job) -> str:
    counts = (
        f"{job.updated:,} put back, {job.erased:,} removed, {job.unchanged:,} as before already, "
        f"{job.refused:,} left alone"
    )
    page = f"/w/{job.workspace.slug}/jobs/{job.pk}/"
    if job.state == JobState.PAUSED:
        return f"Stopped: {counts}. It is resumed at {page}."
    return f"{job.problem} {job.get_state_display()}: {counts}. Its page: {page}".strip()
