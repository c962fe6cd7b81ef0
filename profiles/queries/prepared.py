"""Statements of every request of an application, which the database parses and plans once a connection."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection, errors
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format


@dataclass(slots=True)
class _Prepared:
    """What a connection knows: the names of its statements, and how it reads values (a Transformer)."""

    transformer: Any
    names: dict[str, bytes] = field(default_factory=dict)


_prepared: Final[WeakKeyDictionary[Connection[Any], _Prepared]] = WeakKeyDictionary()


def fetch_one(statement: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
    """The first row. `statement` is a constant, as each is kept; $1, $2 ... are texts, numbers and UUIDs.

    It goes around Django's cursor, which sends a text for the database to read anew each time, and around
    that of psycopg: both take longer than to find a row. So does what counts or logs the queries of the
    former. In a transaction it sees what others have committed, too, as any statement does.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    database.ensure_connection()
    connection: Connection[Any] = database.connection
    with database.wrap_database_errors:
        known = _prepared.get(connection)
        if known is None:
            known = _prepared[connection] = _Prepared(Transformer(connection))
        name = known.names.get(statement) or _prepare(connection, known, statement)
        values = [str(value).encode() for value in parameters]
        result = connection.pgconn.exec_prepared(name, values, result_format=Format.BINARY)
        if result.status != ExecStatus.TUPLES_OK:
            raise errors.error_from_result(result)
        if not result.ntuples:
            return None
        known.transformer.set_pgresult(result)
        row: tuple[Any, ...] = known.transformer.load_row(0, tuple)
        return row


def _prepare(connection: Connection[Any], known: _Prepared, statement: str) -> bytes:
    name = f"profiles_{len(known.names)}".encode()
    result = connection.pgconn.prepare(name, statement.encode())
    if result.status != ExecStatus.COMMAND_OK:
        raise errors.error_from_result(result)
    known.names[statement] = name
    return name
