"""What a pool of connections asks of one before it is used."""

import select
from typing import Final

from psycopg import Connection
from psycopg_pool import ConnectionPool

_ask: Final = ConnectionPool.check_connection


def check_connection(connection: "Connection[tuple[object, ...]]") -> None:
    """Raises OperationalError where PostgreSQL cut it off, as by a restart.

    The server says goodbye to a connection, or its system does, so that there is something to read on one
    that nobody uses. Only then is the server asked, which takes a tenth of a request of an application.
    """
    readable = select.poll()
    readable.register(connection.fileno(), select.POLLIN)
    if connection.broken or readable.poll(0):
        _ask(connection)


def look_before_asking() -> None:
    """Django takes the check from the class, and its settings have no place for another one."""
    ConnectionPool.check_connection = staticmethod(check_connection)  # type: ignore[assignment]
