"""Importing and erasing, next to plain SQL that does the same to the same rows of the same indexed table.

The two take turns: a share of new people is imported, remembered as typed rows, erased by the product,
inserted from the typed rows by one statement, and deleted by plain DELETE. A VACUUM between the turns gives
each the same table.
"""

import time
from dataclasses import dataclass, field

import psycopg

from profiles.models import Door, Workspace
from profiles.operations.erase import erase_profiles

from .database import connect
from .dataset import import_file, made_up
from .table import Line, median

PREFIX = "new-"
MB = 1 << 20

_NEW = f"starts_with(distinct_id, '{PREFIX}')"
_REMEMBER = f"CREATE TABLE bench_typed AS SELECT * FROM profiles_profile WHERE {_NEW} ORDER BY id"
_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = 'profiles_profile' AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_INSERT = """
    INSERT INTO profiles_profile ({columns}) SELECT {columns} FROM bench_typed
    ON CONFLICT (id) DO UPDATE SET {assignments}
    WHERE (profiles_profile.email, profiles_profile.custom, profiles_profile.tags)
        IS DISTINCT FROM (excluded.email, excluded.custom, excluded.tags)
"""
_FORGET_HISTORY = f"""
    DELETE FROM profiles_profilechange WHERE profile_id IN (SELECT id FROM profiles_profile WHERE {_NEW})
"""
_SOME = f"SELECT id FROM profiles_profile WHERE {_NEW} LIMIT %s"


@dataclass(slots=True)
class Turns:
    """Rows per second of each turn; `erased` and `deleted` by how many rows it was."""

    imported: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    inserted: list[float] = field(default_factory=list)
    inserted_again: list[float] = field(default_factory=list)
    erased: dict[int, list[float]] = field(default_factory=dict)
    deleted: dict[int, list[float]] = field(default_factory=dict)
    memory: int = 0


def measure(workspace: Workspace, *, rows: int, rounds: int) -> list[Line]:
    share = max(rows // 5, 100)
    sizes = (share // 20, share // 2)
    turns = Turns()
    with connect() as connection:
        _clear(connection)
        for turn in range(rounds):
            print(f"Import and erase, round {turn + 1} of {rounds}.")
            _import_turn(connection, turns, share, turn)
            _erase_turn(connection, turns, workspace, sizes)
            _insert_turn(connection, turns, share)
            _delete_turn(connection, turns, sizes)
    return [
        _ratio_line(f"import of {share:,} new profiles", turns.imported, turns.inserted, share=0.6),
        _ratio_line(f"import of {share:,} unchanged profiles", turns.again, turns.inserted_again),
        Line("peak memory of the import", f"{turns.memory / MB:,.0f} MB", "300 MB", turns.memory < 300 * MB),
        *(_erase_line(size, turns.erased[size], turns.deleted[size]) for size in sizes),
    ]


def _import_turn(connection: psycopg.Connection, turns: Turns, share: int, turn: int) -> None:
    file = made_up(share, prefix=PREFIX, seed=1000 + turn)
    for rates in (turns.imported, turns.again):
        run = import_file(file)
        rates.append(share / run.seconds)
        turns.memory = max(turns.memory, run.memory)
    connection.execute(_REMEMBER)


def _erase_turn(
    connection: psycopg.Connection, turns: Turns, workspace: Workspace, sizes: tuple[int, ...]
) -> None:
    for size in sizes:
        ids = [row[0] for row in connection.execute(_SOME, [size])]
        started = time.perf_counter()
        erase_profiles(workspace, ids, source=Door.COMMAND, actor=None)
        turns.erased.setdefault(size, []).append(size / (time.perf_counter() - started))
    _forget_new(connection)


def _insert_turn(connection: psycopg.Connection, turns: Turns, share: int) -> None:
    columns = [row[0] for row in connection.execute(_COLUMNS)]
    statement = _INSERT.format(
        columns=", ".join(columns),
        assignments=", ".join(f"{name} = excluded.{name}" for name in columns if name != "id"),
    )
    for rates in (turns.inserted, turns.inserted_again):
        rates.append(share / _seconds(connection, statement))


def _delete_turn(connection: psycopg.Connection, turns: Turns, sizes: tuple[int, ...]) -> None:
    for size in sizes:
        ids = [row[0] for row in connection.execute(_SOME, [size])]
        started = time.perf_counter()
        connection.execute("DELETE FROM profiles_profile WHERE id = ANY(%s)", [ids])
        turns.deleted.setdefault(size, []).append(size / (time.perf_counter() - started))
    _clear(connection)


def _seconds(connection: psycopg.Connection, statement: str) -> float:
    started = time.perf_counter()
    connection.execute(statement)
    return time.perf_counter() - started


def _clear(connection: psycopg.Connection) -> None:
    connection.execute("DROP TABLE IF EXISTS bench_typed")
    _forget_new(connection)


def _forget_new(connection: psycopg.Connection) -> None:
    connection.execute(_FORGET_HISTORY)
    connection.execute(f"DELETE FROM profiles_profile WHERE {_NEW}")
    for table in ("profiles_profile", "profiles_profilechange"):
        connection.execute(f"VACUUM ANALYZE {table}")


def _ratio_line(what: str, ours: list[float], plain: list[float], *, share: float = 0) -> Line:
    ratio = median([mine / other for mine, other in zip(ours, plain, strict=True)])
    target = f"{share:.0%} of plain SQL" if share else ""
    result = f"{median(ours):,.0f} rows/s, {ratio:.0%}"
    return Line(what, result, target, ratio >= share, f"plain SQL {median(plain):,.0f} rows/s")


def _erase_line(size: int, ours: list[float], plain: list[float]) -> Line:
    rate = median(ours)
    remark = f"plain DELETE, profiles alone: {median(plain):,.0f}/s"
    return Line(f"erase of {size:,}", f"{rate:,.0f} profiles/s", "30,000/s", rate >= 30_000, remark)
