"""The profiles to measure with: made-up people as CSV, cached in `var`, imported once and kept."""

import contextlib
import csv
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import psycopg

from profiles.demo import DEFINITIONS, people
from profiles.models import PropertyDefinition, Workspace
from profiles.operations.properties import create_property
from profiles.operations.property_index import bring_index_in_line
from profiles.operations.workspaces import create_workspace
from profiles_site.files import ROOT, VAR

from .database import connect, content, note_content, source_of

SLUG = "bench"
SEED = 7
UNTIL = date(2026, 11, 1)
ASKED_ABOUT = ("plan", "seats")
COLUMNS = (
    *(
        "distinct_id",
        "environment",
        "first_name",
        "last_name",
        "email",
        "phone",
        "country",
        "city",
        "timezone",
    ),
    *("language", "gender", "title", "birthday", "status", "tags", "last_seen_at", "channel.slack"),
    *(f"custom.{definition['key']}" for definition in DEFINITIONS if definition["key"] != "office"),
)


@dataclass(slots=True)
class Run:
    """One run of import_profiles: seconds from start to end, peak memory in bytes of its largest process."""

    seconds: float
    memory: int


def load(*, rows: int, file: Path | None) -> Workspace:
    """The workspace with its profiles; imported unless they are there from the last time."""
    workspace = Workspace.objects.filter(slug=SLUG).first() or _new_workspace(is_of_file=bool(file))
    with connect() as connection:
        if content(connection) != _content(connection, rows, file):
            print(f"Wanted are {rows:,} of {source_of(file)}: importing.")
            connection.execute("TRUNCATE profiles_profile, profiles_profilechange, profiles_identifier")
            note_content(connection, "unfinished")
            if rows:
                run = import_file(file or made_up(rows))
                rate = f"{rows / run.seconds:,.0f} rows/s"
                print(f"Imported in {run.seconds:,.0f} s ({rate}), {run.memory >> 20} MB.")
            note_content(connection, _content(connection, rows, file))
        connection.execute("VACUUM ANALYZE")
    for definition in PropertyDefinition.objects.filter(indexed=True):
        bring_index_in_line(definition.pk)
    return workspace


def _content(connection: psycopg.Connection, rows: int, file: Path | None) -> str:
    """What to note if the profiles that are there now are those; a killed run may have left more."""
    found = connection.execute("SELECT count(*) FROM profiles_profile").fetchone()
    return f"{found[0] if found else 0} profiles of {rows} rows of {source_of(file)}"


def import_file(path: Path, *options: str) -> Run:
    return run_command("import_profiles", str(path), "--workspace", SLUG, *options)


def run_command(name: str, *options: str) -> Run:
    """A command of manage.py in a process of its own, as an operator would run it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", name, *options], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    memory = 0
    while process.poll() is None:
        memory = max(memory, _memory_of(process.pid))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)  # How often its memory is looked at.
    if process.returncode not in (0, 1):
        raise SystemExit(f"{name} ended with exit code {process.returncode}: {' '.join(options)}")
    return Run(time.perf_counter() - started, memory)


def _memory_of(pid: int) -> int:
    """The most that the process or one that it started has or had."""
    with contextlib.suppress(psutil.Error):
        children = psutil.Process(pid).children(recursive=True)
        return max(_peak_of(each) for each in (pid, *(child.pid for child in children)))
    return 0


def _peak_of(pid: int) -> int:
    """The peak so far where the system tells it, else the present. What wait() reports may be ours."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    except OSError:
        with contextlib.suppress(psutil.Error):
            return int(psutil.Process(pid).memory_info().rss)
    return 0


def made_up(rows: int, *, prefix: str = "", seed: int = SEED) -> Path:
    """A CSV of so many people, the same each time; their distinct IDs begin with `prefix`."""
    path = VAR / "bench" / f"people-{prefix}{rows}-{seed}.csv"
    if path.exists():
        return path
    print(f"Making {rows:,} people ({path}).")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(rows, prefix, seed))
    return unfinished.rename(path)


def _rows(rows: int, prefix: str, seed: int) -> Iterator[list[str]]:
    for person in itertools.islice(people(rows, seed=seed, until=UNTIL), rows):
        values = person["values"]
        yield [
            (prefix + person["distinct_id"])[:1024],
            person["environment"],
            *(_cell(values.get(path)) for path in COLUMNS[2:]),
        ]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _new_workspace(*, is_of_file: bool) -> Workspace:
    """With the properties of the made-up people; for a file, the import defines all but those asked about."""
    workspace = create_workspace(SLUG, "Benchmark")
    for definition in DEFINITIONS:
        if definition["key"] in ASKED_ABOUT or not is_of_file:
            create_property(workspace, actor=None, **definition)
    return workspace
