"""Statements that go around the cursors behave as those do: in transactions, and where they fail."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from psycopg.errors import UniqueViolation

from profiles.models import Workspace
from profiles.queries import prepared
from profiles.queries.prepared import fetch_all, fetch_one, run
from tests.operations.jobs.workers import database_url

_INSERT = "INSERT INTO tried (id, note) VALUES ($1, $2)"


@pytest.fixture
def tried(transactional_db: None) -> Iterator[None]:
    run("CREATE TABLE tried (id int PRIMARY KEY, note text)")
    yield
    run("DROP TABLE tried")


def notes() -> list[str | None]:
    return [note for (note,) in fetch_all("SELECT note FROM tried ORDER BY id", [])]


@pytest.mark.django_db
def test_values_come_and_go_by_their_types() -> None:
    key = uuid4()
    statement = "SELECT $1::uuid, $2::int, $3::text, $4::jsonb ->> 'a', $5::text"
    for _ in range(7):  # PostgreSQL plans anew for the first five.
        assert fetch_one(statement, [key, 7, "“ä”\n", '{"a": 1}', None]) == (key, 7, "“ä”\n", "1", None)
    assert fetch_one("SELECT 1 WHERE $1 = 'no'", ["yes"]) is None
    assert fetch_all("SELECT n FROM generate_series(1, $1::int) AS n", [3]) == [(1,), (2,), (3,)]


def test_a_transaction_that_begins_with_one_is_undone_as_a_whole(tried: None) -> None:
    for begin in (lambda: fetch_all(_INSERT, [1, "a"]), lambda: run("INSERT INTO tried VALUES (1, 'a')")):
        with transaction.atomic():
            begin()
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO tried VALUES (2, 'b')")
            transaction.set_rollback(True)
        assert notes() == []
    with transaction.atomic():
        fetch_all(_INSERT, [1, "a"])
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            fetch_all(_INSERT, [1, "b"])
    assert isinstance(refused.value.__cause__, UniqueViolation)
    assert notes() == ["a"]


def test_errors_are_those_of_django(tried: None) -> None:
    with pytest.raises(ProgrammingError):
        fetch_all("SELECT nothing FROM nowhere", [])
    with pytest.raises(DataError):
        fetch_all("SELECT $1::int", ["ten"])
    with pytest.raises(DataError):
        run("SELECT 1 / 0")
    assert fetch_one("SELECT 1", []) == (1,)


def test_a_connection_that_is_cut_off_is_an_operational_error(tried: None) -> None:
    (pid,) = fetch_one("SELECT pg_backend_pid()", []) or ()
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(OperationalError):
        fetch_one("SELECT 1", [])
    connection.close()
    assert fetch_one("SELECT 1", []) == (1,)


def test_what_the_server_forgot_or_a_migration_changed_is_prepared_anew(tried: None) -> None:
    statement = "SELECT id, note FROM tried"
    changes = ["DEALLOCATE ALL", "DISCARD ALL", "ALTER TABLE tried ALTER note TYPE varchar(20)"]
    for change in changes:
        assert fetch_all(statement, []) == []
        run(change)
        assert fetch_all(statement, []) == []


def test_in_a_transaction_that_is_an_operational_error_and_the_next_one_is_fine(tried: None) -> None:
    statements = ["SELECT id, note FROM tried", "SELECT note FROM tried"]
    for statement in statements:
        fetch_all(statement, [])
    run("ALTER TABLE tried ALTER note TYPE varchar(20)")
    with pytest.raises(OperationalError, match="Try again"), transaction.atomic():
        fetch_all(statements[0], [])
    with transaction.atomic():
        for statement in statements:
            assert fetch_all(statement, []) == []


def test_nul_is_refused_instead_of_ending_the_text(tried: None) -> None:
    with pytest.raises(DataError):
        fetch_one("SELECT $1::text", ["alice\0bob"])
    assert fetch_one("SELECT $1::text", ["alice"]) == ("alice",)


def test_a_transaction_that_is_to_be_undone_takes_no_more(tried: None) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        for ask in (lambda: fetch_all(_INSERT, [1, "a"]), lambda: run("SELECT 1")):
            with pytest.raises(transaction.TransactionManagementError):
                ask()


@pytest.mark.django_db
def test_the_server_keeps_no_more_than_so_many(acme: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_MOST", 0)
    for number in range(3):
        assert fetch_one(f"SELECT $1::int + {number}", [1]) == (1 + number,)
    statement = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + %'"
    assert fetch_one(statement, []) == (0,)
