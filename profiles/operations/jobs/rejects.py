"""The refused rows of an import: as a file to correct, or once more as they are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from django.db import transaction
from django.db.models import QuerySet

from profiles.errors import Refused
from profiles.imports import reject_lines, restored
from profiles.models import Job, JobKind, JobRefusal, Operator

from ..imports.settings import ImportSettings
from ..imports.starting import start_import
from ..uploads import Upload

_AT_A_TIME: Final = 2_000
_OF_FILES: Final = (JobKind.IMPORT, JobKind.PREVIEW)


def rejects_name(job: Job) -> str:
    """What to call the file: `people.rejected.csv`."""
    stem = Path(job.subject).name
    while Path(stem).suffix.lower() in (".gz", ".zip", ".csv", ".tsv", ".tab", ".jsonl", ".json", ".xlsx"):
        stem = Path(stem).stem
    header, delimiter = _columns(job)
    kind = ("tsv" if delimiter == "\t" else "csv") if header else "jsonl"
    return f"{stem or 'rows'}.rejected.{kind}"


def reject_lines_of(job: Job) -> Iterator[str]:
    """See `reject_lines`; in the order of the file."""
    header, delimiter = _columns(job)
    mapped = {each.column for each in ImportSettings.of(job).mapping.columns if each.to}
    return reject_lines(header, delimiter, _rejected(job), taken=mapped)


def write_rejects(job: Job, stream: TextIO) -> int:
    """All refused rows, with line and reasons; returns how many. The stream takes surrogates."""
    header, _ = _columns(job)
    lines = sum(bool(stream.write(line)) for line in reject_lines_of(job))
    return lines - 1 if header else lines


@transaction.atomic
def retry_refused(job: Job, *, actor: Operator) -> Job:
    """Import exactly the refused rows again, in the same way."""
    if not job.has_ended or job.kind != JobKind.IMPORT or not job.refused:
        raise Refused("Rows can be tried again once an import has ended and has refused some.")
    settings = ImportSettings.of(job)
    with Upload(rejects_name(job)) as upload:
        for line in reject_lines_of(job):
            upload.write(line.encode("utf-8", "surrogateescape"))
        file = upload.keep(job.workspace, operator=actor)
    _, delimiter = _columns(job)
    return start_import(
        job.workspace,
        file=file,
        mapping=settings.mapping,
        actor=actor,
        total=job.refused,
        origin=settings.origin,
        delimiter=delimiter,
    )


def _columns(job: Job) -> tuple[list[str], str]:
    if job.kind not in _OF_FILES or "table" not in job.report:
        raise Refused("This job has not read any row of a file.")
    table = job.report["table"]
    return table["header"], table["delimiter"]


def _rejected(job: Job) -> Iterator[tuple[int | None, list[str], object]]:
    """Reads the index refusal_of_job, a page at a time, so that the reader may take its time."""
    found = JobRefusal.objects.filter(job=job).order_by("line", "id")
    place = (-1, 0)
    while page := list(_behind(found, *place)[:_AT_A_TIME]):
        for each in page:
            yield each.line, each.reasons, restored(each.row)
        place = (page[-1].line or 0, page[-1].pk)


def _behind(found: QuerySet[JobRefusal], line: int, number: int) -> QuerySet[JobRefusal]:
    return found.filter(line__gte=line).exclude(line=line, id__lte=number)
