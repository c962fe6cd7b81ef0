"""Statements that the database parses and plans once a connection, for what is asked again and again.

They go around the cursors of Django and psycopg, which take longer than it takes to find a row, and around
what counts or logs the queries of the former; errors are Django's. Nothing interrupts who waits for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

_GOOD: Final = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
# The server keeps each until the connection ends.
_MOST: Final = 500
# A migration has changed the type of what it selects; the server was told to forget it.
_STALE: Final = (b"0A000", b"26000")


@dataclass(slots=True)
class _Prepared:
    """What a connection knows: how it reads values (a Transformer), and the names of its statements.

    `made` counts those that it ever had: no name is given twice.
    """

    transformer: Any
    names: dict[str, bytes] = field(default_factory=dict)
    made: int = 0


_prepared: Final[WeakKeyDictionary[Connection[Any], _Prepared]] = WeakKeyDictionary()


def fetch_one(statement: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
    """The first row of `fetch_all`."""
    rows = fetch_all(statement, parameters)
    return rows[0] if rows else None


def fetch_all(statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows, in the transaction under way if there is one.

    There are few such statements, as each is kept. $1, $2 ... are None or have a text that PostgreSQL takes
    for their type: texts, numbers, UUIDs, JSON.
    """
    database = _ready()
    connection: Connection[Any] = database.connection
    with database.wrap_database_errors:
        if _has_to_begin(connection):
            _checked(connection, connection.pgconn.exec_(b"BEGIN"))
        known = _prepared.get(connection)
        if known is None:
            known = _prepared[connection] = _Prepared(Transformer(connection))
        result = _executed(connection, known, statement, parameters)
        if not result.ntuples:
            return []
        known.transformer.set_pgresult(result)
        rows: list[tuple[Any, ...]] = known.transformer.load_rows(0, result.ntuples, tuple)
        return rows


def run(statement: str) -> None:
    """A statement without parameters or rows, together with the BEGIN of a transaction, if that is due."""
    database = _ready()
    connection: Connection[Any] = database.connection
    with database.wrap_database_errors:
        begin = "BEGIN; " if _has_to_begin(connection) else ""
        _checked(connection, connection.pgconn.exec_(f"{begin}{statement}".encode()))


def _ready() -> Any:
    """Django's wrapper of a connection that can be asked; what it does itself before each query."""
    database = connections[DEFAULT_DB_ALIAS]
    database.validate_no_broken_transaction()
    database.close_if_health_check_failed()
    database.ensure_connection()
    return database


def _has_to_begin(connection: Connection[Any]) -> bool:
    """Whether a transaction has begun of which the server does not know: psycopg says so late."""
    return not connection.autocommit and connection.pgconn.transaction_status == TransactionStatus.IDLE


def _executed(
    connection: Connection[Any], known: _Prepared, statement: str, parameters: Sequence[object]
) -> PGresult:
    """Tried again where it went stale. A transaction that it was in has to be tried again as a whole."""
    values: list[Any] = [None if value is None else _as_text(value) for value in parameters]
    result = _tried(connection, known, statement, values)
    if result.status not in _GOOD and result.error_field(DiagnosticField.SQLSTATE) in _STALE:
        known.names.clear()
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            raise errors.OperationalError("The database was changed while it was in use. Try again.")
        result = _tried(connection, known, statement, values)
    return _checked(connection, result)


def _tried(connection: Connection[Any], known: _Prepared, statement: str, values: list[Any]) -> PGresult:
    name = known.names.get(statement)
    if name is None and known.made < _MOST:
        name = f"profiles_{known.made}".encode()
        _checked(connection, connection.pgconn.prepare(name, statement.encode()))
        known.names[statement] = name
        known.made += 1
    if name is None:
        return connection.pgconn.exec_params(statement.encode(), values, result_format=Format.BINARY)
    return connection.pgconn.exec_prepared(name, values, result_format=Format.BINARY)


def _as_text(value: object) -> bytes:
    text = str(value).encode()
    if b"\0" in text:  # The client library would take it for the end.
        raise errors.DataError("A text with NUL in it cannot be stored.")
    return text


def _checked(connection: Connection[Any], result: PGresult) -> PGresult:
    if result.status in _GOOD:
        return result
    if connection.pgconn.status == ConnStatus.BAD:
        raise errors.OperationalError(result.get_error_message())
    raise errors.error_from_result(result)
