"""Connections that PostgreSQL cut off are found out before they are used."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from profiles_site.pool import check_connection
from tests.operations.jobs.workers import database_url


@pytest.fixture
def idle(db: None) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(database_url(), autocommit=True) as made:
        yield made


def test_one_that_lives_is_good(idle: psycopg.Connection) -> None:
    check_connection(idle)
    idle.execute("SELECT 1")
    check_connection(idle)


def test_one_that_the_server_ended_is_found_out(idle: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [idle.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        check_connection(idle)


def test_one_that_is_closed_or_broken_is_found_out(idle: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        idle.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(psycopg.OperationalError):
        check_connection(idle)


@pytest.mark.django_db(transaction=True)
def test_the_pool_of_the_site_gives_another_one_instead(django_db_setup: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()[0]
    connection.close()
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != before
