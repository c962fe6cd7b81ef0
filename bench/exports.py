"""Exports as jobs, next to a plain COPY of the same columns of the same rows to the same disk.

COPY writes the columns as they are: lists as arrays, formulas as formulas, unset texts as quoted blanks. The
two take turns; nothing is changed, so each finds the same table.
"""

import time
from pathlib import Path
from typing import Final

from psycopg import sql

from profiles.exports import FORMAT_NAMES, Format, Wanted, all_paths, export_columns
from profiles.models import Job, JobKind, JobState, Workspace
from profiles.operations.jobs import run_job
from profiles.operations.jobs.queueing import make_job
from profiles.operations.selections import select
from profiles.queries.columns import Column
from profiles_site.files import VAR

from .database import connect
from .dataset import SLUG, run_command
from .table import Line, median

MB: Final = 1 << 20
_FOLDER: Final = VAR / "bench"
_COPY: Final = sql.SQL("""
    COPY (SELECT {columns} FROM profiles_profile WHERE workspace_id = {workspace})
    TO STDOUT (FORMAT csv, HEADER)
""")
# A workbook of everybody takes minutes; these are one in seven.
_SOME: Final = "country=DE"


def measure(workspace: Workspace, *, rows: int, rounds: int) -> list[Line]:
    ours, plain = [], []
    for turn in range(rounds):
        print(f"Export, round {turn + 1} of {rounds}.")
        ours.append(_rate(_exported(workspace, "csv")))
        plain.append(_copied(workspace))
    ratio = median([mine / other for mine, other in zip(ours, plain, strict=True)])
    return [
        Line(
            f"export of {rows:,} as CSV",
            f"{median(ours):,.0f} rows/s, {ratio:.0%}",
            "30% of plain SQL",
            ratio >= 0.3,
            f"COPY {median(plain):,.0f} rows/s",
        ),
        *(_other(workspace, format) for format in ("jsonl", "parquet", "xlsx")),
        _memory(),
    ]


def _exported(workspace: Workspace, format: Format, query: str = "") -> Job:
    """The job of an export, from its start to the whole file, which does not stay."""
    job = make_job(
        workspace,
        kind=JobKind.EXPORT,
        actor=None,
        parameters=Wanted(format, all_paths(export_columns(workspace))).as_json(),
        selection=select(workspace, operator=None, query=query, is_everything=True),
    )
    job = run_job(job.pk)
    if job.state != JobState.DONE or not job.file:
        raise SystemExit(f"The export ended as {job.state}: {job.problem}")
    job.file.path.unlink()
    return job


def _rate(job: Job) -> float:
    assert job.started_at
    assert job.finished_at
    return job.exported / (job.finished_at - job.started_at).total_seconds()


def _copied(workspace: Workspace) -> float:
    """Rows a second."""
    columns = export_columns(workspace)
    statement = _COPY.format(
        columns=sql.SQL(", ").join(_plain(columns[path]) for path in all_paths(columns)),
        workspace=sql.Literal(workspace.pk),
    )
    path, rows = _FOLDER / "plain.csv", 0
    started = time.perf_counter()
    with (
        connect() as connection,
        connection.cursor().copy(statement) as lines,
        path.open("wb", buffering=2**18) as file,
    ):
        for line in lines:
            file.write(line)
            rows += 1
    seconds = time.perf_counter() - started
    path.unlink()
    return (rows - 1) / seconds


def _plain(column: Column) -> sql.Composable:
    source = sql.Identifier(column.source)
    return sql.SQL("{} ->> {}").format(source, sql.Literal(column.key)) if column.key else source


def _other(workspace: Workspace, format: Format) -> Line:
    job = _exported(workspace, format, _SOME if format == "xlsx" else "")
    return Line(f"export of {job.exported:,} as {FORMAT_NAMES[format]}", f"{_rate(job):,.0f} rows/s")


def _memory() -> Line:
    """The most that the command needs, whatever the format."""
    peaks = {}
    for format in ("csv", "parquet", "xlsx"):
        path = _FOLDER / f"export.{format}"
        some = ("--filter", _SOME) if format == "xlsx" else ()
        peaks[format] = run_command("export_profiles", "--workspace", SLUG, "-o", str(path), *some).memory
        Path(path).unlink()
    worst = max(peaks, key=lambda format: peaks[format])
    peak = peaks[worst]
    return Line("peak memory of an export", f"{peak / MB:,.0f} MB", "300 MB", peak < 300 * MB, worst)
