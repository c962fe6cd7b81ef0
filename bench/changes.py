"""Bulk changes and erasures as jobs, next to plain SQL that does the same to the same rows.

The two take turns, with a VACUUM between them so that each finds the same table. Changes: every profile gets
another value of a custom property, with its history. Erasures: a share of new people, with an identifier and
a history each, is erased by a job, put back as it was, and deleted by plain DELETEs.
"""

import csv
import time
from dataclasses import dataclass, field
from typing import Final

import psycopg

from profiles.models import Door, Job, JobState, Selection, Workspace
from profiles.operations.bulk import facts_of
from profiles.operations.jobs import run_job
from profiles.operations.jobs.queueing import make_job
from profiles.operations.selection_lists import select_list
from profiles.operations.selections import copy_for_job, select

from .database import connect
from .dataset import import_file, made_up
from .table import Line, median

PREFIX: Final = "gone-"
_KEY: Final = "plan"
# Few have the first, and after that all have the one or the other: so that all rows change.
_OURS, _PLAIN = "enterprise", "free"

_UPDATE: Final = f"""
    UPDATE profiles_profile
    SET custom = custom || jsonb_build_object('{_KEY}', %(value)s::text), updated_at = now()
"""
_HISTORY: Final = f"""
    INSERT INTO profiles_profilechange (profile_id, deed, old, new, at, door, actor, operator_id, job_id)
    SELECT id, 'updated', jsonb_build_object('custom.{_KEY}', custom -> '{_KEY}'),
        jsonb_build_object('custom.{_KEY}', %(value)s::text), now(), 'console', 'bench', NULL, 1
    FROM profiles_profile
"""
_GONE: Final = f"starts_with(distinct_id, '{PREFIX}')"
_NAME: Final = f"""
    INSERT INTO profiles_identifier (id, profile_id, source, type, kind, value, created_at)
    SELECT gen_random_uuid(), id, '', '', 'anonymous_id', distinct_id, now()
    FROM profiles_profile WHERE {_GONE}
"""
_COLUMNS: Final = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
# In the order in which rows go: what belongs to a profile first.
_TABLES: Final = {
    "profiles_identifier": "profile_id",
    "profiles_profilechange": "profile_id",
    "profiles_profile": "id",
}


@dataclass(slots=True)
class Turns:
    """Profiles a second of each turn."""

    changed: list[float] = field(default_factory=list)
    updated: list[float] = field(default_factory=list)
    erased: list[float] = field(default_factory=list)
    deleted: list[float] = field(default_factory=list)


def measure(workspace: Workspace, *, rows: int, rounds: int) -> list[Line]:
    share = max(rows // 10, 50)
    turns = Turns()
    with connect() as connection:
        for turn in range(rounds):
            print(f"Changes and erasures, round {turn + 1} of {rounds}.")
            _change_turn(connection, turns, workspace, rows)
            _erase_turn(connection, turns, workspace, share, turn)
    return [
        _line(f"set a property on {rows:,} profiles", turns.changed, turns.updated, 0.6, "UPDATE and INSERT"),
        _line(f"erase of {share:,} by a job", turns.erased, turns.deleted, 0.3, "DELETE of the same"),
        Line(
            f"erase of {share:,} by a job, rate",
            f"{median(turns.erased):,.0f} profiles/s",
            "30,000/s",
            median(turns.erased) >= 30_000,
        ),
    ]


def _change_turn(connection: psycopg.Connection, turns: Turns, workspace: Workspace, rows: int) -> None:
    everybody = select(workspace, operator=None, query="", is_everything=True)
    job = _job(everybody, "set", path=f"custom.{_KEY}", value=_OURS)
    turns.changed.append(rows / _seconds_of(job))
    _vacuum(connection)
    started = time.perf_counter()
    with connection.transaction():
        connection.execute(_HISTORY, {"value": _PLAIN})
        connection.execute(_UPDATE, {"value": _PLAIN})
    turns.updated.append(rows / (time.perf_counter() - started))
    connection.execute("DELETE FROM profiles_profilechange WHERE job_id IS NOT NULL")
    _vacuum(connection)


def _erase_turn(
    connection: psycopg.Connection, turns: Turns, workspace: Workspace, share: int, turn: int
) -> None:
    file = made_up(share, prefix=PREFIX, seed=2000 + turn)
    import_file(file)
    connection.execute(_NAME)
    for table, key in _TABLES.items():
        ids = f"SELECT id FROM profiles_profile WHERE {_GONE}"
        connection.execute(f"DROP TABLE IF EXISTS kept_{table}")
        connection.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE {key} IN ({ids})")
    _vacuum(connection)
    with file.open(newline="", encoding="utf-8") as stream:
        people = [(row["distinct_id"], row["environment"]) for row in csv.DictReader(stream)]
    seconds = 0.0
    for environment in ("live", "test"):
        ids_of = [distinct_id for distinct_id, where in people if where == environment]
        listed = select_list(workspace, ids_of, operator=None, environment=environment)
        seconds += _seconds_of(_job(listed, "delete"))
    turns.erased.append(share / seconds)
    _put_back(connection)
    started = time.perf_counter()
    for table, key in _TABLES.items():
        connection.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT id FROM kept_profiles_profile)")
    turns.deleted.append(share / (time.perf_counter() - started))
    for table in _TABLES:
        connection.execute(f"DROP TABLE kept_{table}")
    _vacuum(connection)


def _put_back(connection: psycopg.Connection) -> None:
    for table in reversed(_TABLES):
        columns = ", ".join(name for (name,) in connection.execute(_COLUMNS, [table]))
        overriding = "OVERRIDING SYSTEM VALUE" if table == "profiles_profilechange" else ""
        connection.execute(f"INSERT INTO {table} ({columns}) {overriding} SELECT {columns} FROM kept_{table}")
    _vacuum(connection)


def _job(selection: Selection, verb: str, **given: object) -> Job:
    facts = facts_of(selection, verb, given, actor=None, agreed=None, door=Door.COMMAND)
    return make_job(selection.workspace, selection=copy_for_job(selection), **facts)


def _seconds_of(job: Job) -> float:
    started = time.perf_counter()
    done = run_job(job.pk, takes_turns=False)
    if done.state != JobState.DONE:
        raise SystemExit(f"{done} ended {done.state}: {done.problem} {done.refusals.first()}")
    return time.perf_counter() - started


def _vacuum(connection: psycopg.Connection) -> None:
    for table in _TABLES:
        connection.execute(f"VACUUM ANALYZE {table}")


def _line(what: str, ours: list[float], plain: list[float], share: float, other: str) -> Line:
    ratio = median([mine / theirs for mine, theirs in zip(ours, plain, strict=True)])
    result = f"{median(ours):,.0f} profiles/s, {ratio:.0%}"
    target = f"{share:.0%} of plain SQL"
    return Line(what, result, target, ratio >= share, f"{other}: {median(plain):,.0f}/s")
