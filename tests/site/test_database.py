"""A connection that PostgreSQL cut off is found out before it is used; a database that is away is awaited."""

import time

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection

from tests.operations.jobs.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
        return pid


def end(pid: int) -> None:
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_connection_that_lives_is_kept_from_request_to_request() -> None:
    before = backend()
    close_old_connections()
    assert connection.is_usable()
    assert backend() == before


def test_one_that_the_server_ended_is_replaced_at_the_next_request() -> None:
    before = backend()
    end(before)
    close_old_connections()
    assert backend() != before


def test_one_that_is_closed_or_broken_is_not_usable() -> None:
    end(backend())
    assert not connection.is_usable()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_behind_an_error_the_server_is_asked_itself() -> None:
    before = backend()
    connection.connection.pgconn.send_query(b"SELECT pg_sleep(5)")
    with pytest.raises(OperationalError):
        backend()  # It is at work still, and says nothing.
    close_old_connections()
    assert backend() != before
    end(before)


def test_a_database_that_is_away_is_awaited_and_then_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", 1)
    monkeypatch.setitem(connection.settings_dict, "PATIENCE", 0.3)
    began = time.monotonic()
    with pytest.raises(OperationalError):
        backend()
    assert time.monotonic() - began >= 0.3
    monkeypatch.undo()
    assert backend()
