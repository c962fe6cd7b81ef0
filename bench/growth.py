"""Whether an import is as fast into a full table as into an empty one, and the listing while it runs.

The table is filled by plain SQL with copies of imported people, its indexes built afterwards.
"""

import threading
from pathlib import Path

import psycopg

from profiles.models import Workspace

from .database import connect
from .dataset import import_file
from .imports import share_of
from .server import visitor_of
from .table import Line, median, percentile

_SLOWEST = 150
_EMPTY = "TRUNCATE profiles_profile, profiles_profilechange, profiles_identifier"
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'profiles_profile' AND indexdef NOT LIKE 'CREATE UNIQUE%'
"""
_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = 'profiles_profile' AND is_generated = 'NEVER'
        AND column_name NOT IN ('id', 'distinct_id')
"""
_FILL = """
    INSERT INTO profiles_profile (id, distinct_id, {columns})
    SELECT gen_random_uuid(), 'copy-' || copy || '-' || distinct_id, {columns}
    FROM profiles_profile, generate_series(1, %s) AS copy LIMIT %s
"""


def measure(workspace: Workspace, *, rows: int, file: Path | None) -> list[Line]:
    share = max(rows // 10, 100)
    with connect() as connection:
        connection.execute(_EMPTY)
        print("Growth: an import into an empty table.")
        empty = share / import_file(share_of(file, share, seed=3001)).seconds
        print(f"Growth: filling it to {rows:,}.")
        _fill(connection, share, rows)
    full, times = _import_while_listing(workspace, share_of(file, share, seed=3002))
    full = share / full
    slow = percentile(times, 0.95)
    return [
        Line(
            f"import of {share:,} at {rows:,} existing profiles",
            f"{full:,.0f} rows/s, {full / empty:.0%}",
            "70% of the rate at 0",
            full >= 0.7 * empty,
            f"at 0: {empty:,.0f} rows/s",
        ),
        Line(
            "listing, first page, while that runs",
            f"p50 {median(times):.1f} ms, p95 {slow:.1f} ms",
            f"p95 {_SLOWEST} ms",
            slow < _SLOWEST,
            f"{len(times)} requests",
        ),
    ]


def _fill(connection: psycopg.Connection, share: int, rows: int) -> None:
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    columns = ", ".join(name for (name,) in connection.execute(_COLUMNS))
    connection.execute(_FILL.format(columns=columns), [rows // share, rows - share])
    for _, definition in indexes:
        connection.execute(definition)
    connection.execute("VACUUM ANALYZE profiles_profile")


def _import_while_listing(workspace: Workspace, file: Path) -> tuple[float, list[float]]:
    """Seconds of the import, and milliseconds of the pages that somebody opened one after the other."""
    seconds: list[float] = []
    importing = threading.Thread(target=lambda: seconds.append(import_file(file).seconds))
    times = []
    with visitor_of(workspace) as visitor:
        path = f"/w/{workspace.slug}/profiles/"
        visitor.get(path)
        importing.start()
        while importing.is_alive():
            times.append(visitor.get(path).milliseconds)
            importing.join(0.1)
    return seconds[0], times
