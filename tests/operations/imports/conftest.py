"""Importing files as jobs, for real: writers have threads and connections of their own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from profiles.imports import Mapping
from profiles.models import Job, JobRefusal, JobState, Workspace
from profiles.operations.imports import ImportSettings, make_import
from profiles.operations.jobs import run_job

Refusals = list[tuple[int | None, str]]
Imported = tuple[dict[str, int], Refusals]
ImportText = Callable[..., Imported]
MakeJob = Callable[..., Job]


def csv_of(header: str, rows: Sequence[str]) -> str:
    return "\n".join([header, *rows, ""])


def results(job: Job) -> Imported:
    """Counts that are not 0, and the refused lines with their reasons."""
    counts = {name: getattr(job, name) for name in ("created", "updated", "unchanged", "refused")}
    refusals = JobRefusal.objects.filter(job=job).order_by("line", "id")
    return {name: count for name, count in counts.items() if count}, [
        (each.line, " ".join(each.reasons)) for each in refusals
    ]


@pytest.fixture
def make_job(tmp_path: Path, acme: Workspace) -> MakeJob:
    """The job that imports the text of a CSV (or, `name="x.jsonl"`, of JSON lines).

    Keywords are fields of Mapping or of ImportSettings; `is_preview=True` only looks.
    """

    def make(
        text: str | bytes,
        *,
        name: str = "people.csv",
        workspace: Workspace = acme,
        is_preview: bool = False,
        **options: Any,
    ) -> Job:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        policies = {key: options.pop(key) for key in Mapping.__slots__ if key in options}
        settings = ImportSettings(Mapping(**policies), path=str(path), **options)
        return make_import(workspace, settings, subject=name, actor=None, is_preview=is_preview)

    return make


@pytest.fixture
def import_text(make_job: MakeJob) -> ImportText:
    """Import a text, as `make_job` does; gives counts and refused lines. What stops the job fails."""

    def run(text: str | bytes, **options: Any) -> Imported:
        job = run_job(make_job(text, **options).pk)
        assert job.state in (JobState.DONE, JobState.PARTIAL), job.problem
        assert job.total == job.done
        return results(job)

    return run
