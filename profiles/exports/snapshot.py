"""Profiles as they were at one moment, however long it takes to read them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from psycopg import IsolationLevel
from psycopg.abc import Buffer

from profiles.models.profile import ProfileQuerySet
from profiles.queries.columns import Column

from .cells import Cell, reading

Row = tuple[str | None, ...]
Progress = Callable[[int], None]

# How dates are written must not depend on how the server or a role is set up.
_SETTINGS: Final = "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'"
_AT_A_TIME: Final = 1_000
# So many rows come newest first, as in the listing; more of them in the order that is read fastest.
SORTED_UP_TO: Final = 10_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`total` profiles to be read; `told` hears now and then how many have been."""

    total: int
    columns: Sequence[Column]
    told: Progress
    _found: ProfileQuerySet
    _connection: psycopg.Connection[Any]

    def lines(
        self, copy: str, cell_of: Callable[[Column], Cell], forms: str, values: Sequence[str] = ()
    ) -> Iterator[Buffer]:
        """The rows as the COPY statement `copy` writes them, each a whole line.

        `forms` is SQL for what to make of cell_0 and so on, with its parameters `values`.
        """
        if not self.total:
            return
        select, parameters = reading(self._found, self.columns, cell_of)
        statement = copy.format(select=f"SELECT {forms} FROM ({select} OFFSET 0) AS cells")
        with self._connection.cursor().copy(statement, [*values, *parameters]) as lines:
            for number, line in enumerate(lines, 1):
                if not number % _AT_A_TIME:
                    self.told(number)
                yield line

    def batches(self, cell_of: Callable[[Column], Cell]) -> Iterator[list[Row]]:
        """The rows, some at a time, by a cursor of the server."""
        if not self.total:
            return
        number = 0
        with self._connection.cursor("export") as cursor:
            cursor.execute(*reading(self._found, self.columns, cell_of))
            while batch := cursor.fetchmany(_AT_A_TIME):
                number += len(batch)
                yield batch
                self.told(number)


@contextmanager
def snapshot(
    found: ProfileQuerySet, columns: Sequence[Column], *, counted: Progress, told: Progress
) -> Iterator[Snapshot]:
    """Read on a connection of its own, in one transaction; meanwhile the caller may write on Django's.

    `counted` hears the total before anything is read. What the database refuses is one of Django's errors,
    as it is on every other connection.
    """
    with connection.wrap_database_errors, psycopg.connect(**connection.get_connection_params()) as own:
        own.isolation_level = IsolationLevel.REPEATABLE_READ
        own.read_only = True
        own.execute(_SETTINGS)
        total = _count(own, found)
        counted(total)
        order = ("-created_at", "-pk") if total <= SORTED_UP_TO else ()
        yield Snapshot(total, columns, told, found.order_by(*order), own)


def _count(own: psycopg.Connection[Any], found: ProfileQuerySet) -> int:
    try:
        inner, parameters = found.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    row = own.execute(f"SELECT count(*) FROM ({inner}) AS found", parameters).fetchone()
    return int(row[0]) if row else 0
