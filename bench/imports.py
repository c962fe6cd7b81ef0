"""Imports, next to one statement of plain SQL that does the same to the same rows of the same indexed table.

The two take turns: people are previewed, imported, imported again unchanged and again with another city, and
remembered as typed rows. They are taken away, and inserted, inserted again and updated by INSERT ... SELECT
... ON CONFLICT, which validates nothing and keeps no history. A VACUUM between the turns gives each the same
table.
"""

import csv
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from profiles_site.files import VAR

from .database import connect
from .dataset import Run, import_file, made_up
from .table import Line, median

PREFIX = "new-"
MB = 1 << 20
MOST_MEMORY = 300 * MB

_NEW = f"starts_with(distinct_id, '{PREFIX}')"
_REMEMBER = f"CREATE TABLE bench_typed AS SELECT * FROM profiles_profile WHERE {_NEW} ORDER BY id"
_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = 'profiles_profile' AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_COMPARED = ("email", "city", "custom", "tags")
_INSERT = f"""
    INSERT INTO profiles_profile ({{columns}}) SELECT {{columns}} FROM bench_typed
    ON CONFLICT (id) DO UPDATE SET {{assignments}}
    WHERE ({", ".join(f"profiles_profile.{name}" for name in _COMPARED)})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COMPARED)})
"""
_OTHER_CITY = "UPDATE bench_typed SET city = city || '3'"
_FORGET_HISTORY = f"""
    DELETE FROM profiles_profilechange WHERE profile_id IN (SELECT id FROM profiles_profile WHERE {_NEW})
"""
Row = dict[str, str]
_DEEDS = ("new", "unchanged", "updated")


@dataclass(slots=True)
class Turns:
    """Rows a second, by deed; and the most memory that one of the processes had."""

    ours: dict[str, list[float]] = field(default_factory=lambda: {deed: [] for deed in _DEEDS})
    plain: dict[str, list[float]] = field(default_factory=lambda: {deed: [] for deed in _DEEDS})
    preview: list[float] = field(default_factory=list)
    memory: int = 0

    def count(self, rates: list[float], rows: int, run: Run) -> None:
        rates.append(rows / run.seconds)
        self.memory = max(self.memory, run.memory)


def measure(*, rows: int, rounds: int, file: Path | None) -> list[Line]:
    share = max(rows // 2, 100)
    turns = Turns()
    with connect() as connection:
        clear(connection)
        for turn in range(rounds):
            print(f"Imports, round {turn + 1} of {rounds}.")
            _our_turn(connection, turns, share, share_of(file, share, seed=1000 + turn))
            clear(connection, keeps_typed=True)
            _plain_turn(connection, turns, share)
            clear(connection)
    faster = median([mine / other for mine, other in zip(turns.preview, turns.ours["new"], strict=True)])
    return [
        _line(f"import of {share:,} new profiles", turns, "new", 0.8),
        _line(f"import of {share:,} unchanged profiles", turns, "unchanged", 0.2),
        _line(f"import of {share:,} updated profiles", turns, "updated", 0.6),
        Line("preview of the file", f"{faster:.1f} times the import", "2 times", faster >= 2),
        Line(
            "peak memory of the import, each process",
            f"{turns.memory / MB:,.0f} MB",
            f"{MOST_MEMORY / MB:.0f} MB",
            turns.memory < MOST_MEMORY,
        ),
    ]


def share_of(file: Path | None, share: int, *, seed: int) -> Path:
    """A CSV of new people, made up or from a file."""
    numbers = itertools.count()
    return _rewritten(
        file or made_up(share, seed=seed),
        VAR / "bench" / f"share-{seed}.csv",
        lambda row: row | {"distinct_id": f"{PREFIX}{seed}-{next(numbers)}"},
        most=share,
    )


def _rewritten(file: Path, path: Path, change: Callable[[Row], Row], most: int | None = None) -> Path:
    """The first rows of a CSV, changed."""
    with file.open(newline="", encoding="utf-8") as source, path.open("w", encoding="utf-8") as stream:
        rows = csv.DictReader(source)
        writer = csv.DictWriter(stream, rows.fieldnames or (), lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(change, itertools.islice(rows, most)))
    return path


def clear(connection: psycopg.Connection, *, keeps_typed: bool = False) -> None:
    """Take the new people away."""
    if not keeps_typed:
        connection.execute("DROP TABLE IF EXISTS bench_typed")
    connection.execute(_FORGET_HISTORY)
    connection.execute(f"DELETE FROM profiles_profile WHERE {_NEW}")
    for table in ("profiles_profile", "profiles_profilechange"):
        connection.execute(f"VACUUM ANALYZE {table}")


def _our_turn(connection: psycopg.Connection, turns: Turns, share: int, file: Path) -> None:
    turns.count(turns.preview, share, import_file(file, "--dry-run"))
    for deed in ("new", "unchanged"):
        turns.count(turns.ours[deed], share, import_file(file))
    connection.execute(_REMEMBER)
    elsewhere = file.with_suffix(".elsewhere.csv")
    changed = _rewritten(file, elsewhere, lambda row: row | {"city": row["city"] + "2"})
    turns.count(turns.ours["updated"], share, import_file(changed))


def _plain_turn(connection: psycopg.Connection, turns: Turns, share: int) -> None:
    columns = [row[0] for row in connection.execute(_COLUMNS)]
    statement = _INSERT.format(
        columns=", ".join(columns),
        assignments=", ".join(f"{name} = excluded.{name}" for name in columns if name != "id"),
    )
    for deed in _DEEDS:
        if deed == "updated":
            connection.execute(_OTHER_CITY)
        started = time.perf_counter()
        connection.execute(statement)
        turns.plain[deed].append(share / (time.perf_counter() - started))


def _line(what: str, turns: Turns, deed: str, share: float) -> Line:
    ours, plain = turns.ours[deed], turns.plain[deed]
    ratio = median([mine / other for mine, other in zip(ours, plain, strict=True)])
    result = f"{median(ours):,.0f} rows/s, {ratio:.0%}"
    remark = f"plain SQL {median(plain):,.0f} rows/s"
    return Line(what, result, f"{share:.0%} of plain SQL", ratio >= share, remark)
