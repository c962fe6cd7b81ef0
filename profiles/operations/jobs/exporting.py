"""Writing an export into a stored file, as a job.

A snapshot of the database goes with the worker that took it. So an export does not go on where it stopped: it
begins again, with a snapshot and a file of its own. For the same reason it takes no turns with other jobs.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.exports import Export, Wanted, export_columns, read_paths
from profiles.models import FileRole, Job, StoredFile
from profiles.operations.abandoned import abandoned
from profiles.operations.selections import filter_of, selected

from .running import Run

KEPT_FOR: Final = timedelta(days=7)
_SECONDS_BETWEEN_RECORDS: Final = 0.5


def work(run: Run) -> None:
    run.takes_turns = False
    run.start_over()
    job, wanted = run.job, Wanted.from_json(run.job.parameters)
    export = _export(run, wanted)
    file = job.file or _new_file(job, wanted)
    with _workplace(file) as folder:
        path = folder / "export"
        with path.open("wb", buffering=2**18) as opened:
            left_out = export.write(opened, folder=str(folder), counted=run.set_total, told=_Told(run))
        _keep(run, file, path)
    if left_out:
        run.report(left_out=left_out)


def sweep_exports() -> None:
    """Remove what killed workers left of exports."""
    for folder in abandoned(_folder(), ".*.part"):
        shutil.rmtree(folder, ignore_errors=True)


class _Told:
    """Records how many profiles were written, now and then, and hears what operators ask."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._recorded = time.monotonic()

    def __call__(self, number: int) -> None:
        now = time.monotonic()
        if now - self._recorded < _SECONDS_BETWEEN_RECORDS:
            return
        self._recorded = now
        with transaction.atomic():
            self._run.record({"exported": number - self._run.job.exported})
        self._run.check()


def _export(run: Run, wanted: Wanted) -> Export:
    """Raises Refused where what was to be exported cannot be told any more."""
    selection = run.job.selection
    if selection is None:
        raise Refused("What was selected is not kept any more: select it again.")
    if problems := filter_of(selection).problems:
        raise Refused(" ".join(problems))
    columns = export_columns(selection.workspace)
    if gone := [path for path in wanted.paths if path not in columns]:
        run.report(gone=gone)
    return Export(
        selected(selection),
        read_paths((path for path in wanted.paths if path in columns), columns),
        wanted.format,
        is_guarded=wanted.is_guarded,
        is_compressed=wanted.is_compressed,
    )


def _new_file(job: Job, wanted: Wanted) -> StoredFile:
    zone = job.operator.zone if job.operator else timezone.get_default_timezone()
    file = StoredFile.objects.create(
        workspace=job.workspace,
        operator=job.operator,
        role=FileRole.EXPORT,
        name=wanted.file_name(job.workspace.slug, timezone.localtime(timezone=zone)),
        expires_at=timezone.now() + KEPT_FOR,
    )
    Job.objects.filter(pk=job.pk, run=job.run).update(file=file)
    job.file = file
    return file


@contextmanager
def _workplace(file: StoredFile) -> Iterator[Path]:
    """A folder beside the place of the file, which goes in the end, as do those of killed workers."""
    beside = _folder()
    for left in beside.glob(f".{file.pk.hex}-*"):
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(
        dir=beside, prefix=f".{file.pk.hex}-", suffix=".part", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@transaction.atomic
def _keep(run: Run, file: StoredFile, path: Path) -> None:
    """Put the file in its place, if the job is still ours: recorded first, which locks it."""
    run.record({"exported": (run.job.total or 0) - run.job.exported})
    size = path.stat().st_size
    path.replace(file.path)
    StoredFile.objects.filter(pk=file.pk).update(size=size, expires_at=timezone.now() + KEPT_FOR)


def _folder() -> Path:
    folder = Path(settings.FILES_DIR) / FileRole.EXPORT
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
