"""Statements of every request of an application, which the database parses and plans once a connection."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Cursor


def fetch_one(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row. For a constant `statement` alone: each other one would be kept, too.

    A third of the time of Django's cursor, which sends a text for the database to read anew each time. That
    cursor is gone around, and so are what counts or logs its queries.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors:
        return (
            Cursor(database.connection).execute(statement, parameters, prepare=True, binary=True).fetchone()
        )
