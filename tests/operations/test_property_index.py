"""The index of an indexed property, built by a real worker on the real database."""

import asyncio
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from profiles.errors import Refused
from profiles.models import IndexState, Profile, PropertyDefinition, Workspace
from profiles.operations import property_index
from profiles.operations.properties import (
    archive_property,
    create_property,
    edit_property,
    seed_definitions,
    unarchive_property,
)
from profiles.operations.property_index import (
    Busy,
    bring_index_in_line,
    mend_indexes,
    retry_index,
)
from profiles.operations.write import ProfileRow, write_profiles
from profiles.queries.columns import JsonValue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme(db: None) -> Workspace:
    workspace = Workspace.objects.create(slug="acme", name="Acme")
    seed_definitions(workspace)
    return workspace


@pytest.fixture
def seats(acme: Workspace) -> Iterator[PropertyDefinition]:
    made = create_property(acme, actor=None, key="seats' \"--", type="integer", indexed=True)
    yield made
    execute(f"DROP INDEX IF EXISTS {made.index_name}")


def execute(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def index_of(definition: PropertyDefinition) -> str | None:
    rows = execute(f"SELECT indexdef FROM pg_indexes WHERE indexname = '{definition.index_name}'")
    return str(rows[0][0]) if rows else None


def run_worker() -> None:
    """Let a worker do all that is queued, and end."""

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(work())


def state_of(definition: PropertyDefinition) -> str:
    definition.refresh_from_db()
    return definition.index_state


def test_the_worker_builds_the_index_and_drops_it_again(acme: Workspace, seats: PropertyDefinition) -> None:
    assert state_of(seats) == IndexState.QUEUED
    run_worker()
    assert state_of(seats) == IndexState.READY
    made = index_of(seats)
    assert made is not None
    assert f"WHERE (workspace_id = {acme.pk})" in made
    edit_property(seats, actor=None, indexed=False)
    run_worker()
    assert state_of(seats) == IndexState.NONE
    assert index_of(seats) is None


def test_archiving_drops_the_index_and_coming_back_builds_it(seats: PropertyDefinition) -> None:
    run_worker()
    archive_property(seats, actor=None)
    run_worker()
    assert index_of(seats) is None
    unarchive_property(seats, actor=None)
    run_worker()
    assert state_of(seats) == IndexState.READY


def test_a_listing_ordered_by_the_property_reads_the_index(
    acme: Workspace, seats: PropertyDefinition
) -> None:
    rows = [ProfileRow(f"p{n}", values={seats.path: n % 97}) for n in range(3000)]
    write_profiles(acme, rows, mode="create", source="demo", actor=None)
    run_worker()
    by_seats = JsonValue("custom", seats.key)
    page = Profile.objects.filter(workspace=acme).order_by(by_seats.desc(), "-id")[:50]
    assert seats.index_name in page.explain()


def test_a_failure_is_kept_and_leaves_no_broken_index(acme: Workspace, seats: PropertyDefinition) -> None:
    too_long = secrets.token_hex(5000)  # Nothing to compress, and longer than an index entry can be.
    write_profiles(
        acme, [ProfileRow("a", values={seats.path: too_long})], mode="create", source="demo", actor=None
    )
    run_worker()
    assert state_of(seats) == IndexState.FAILED
    assert "index row" in seats.index_error
    assert index_of(seats) is None
    Profile.objects.update(custom={})
    retry_index(seats, actor=None)
    assert state_of(seats) == IndexState.QUEUED
    run_worker()
    assert state_of(seats) == IndexState.READY
    assert seats.index_error == ""


def test_what_a_killed_worker_left_is_mended(seats: PropertyDefinition) -> None:
    bring_index_in_line(seats.pk)
    PropertyDefinition.objects.filter(pk=seats.pk).update(index_state=IndexState.BUILDING)
    execute(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{seats.index_name}'::regclass")
    mend_indexes()
    assert state_of(seats) == IndexState.READY
    assert execute(f"SELECT indisvalid FROM pg_index WHERE indexrelid = '{seats.index_name}'::regclass") == [
        (True,)
    ]


def test_only_one_worker_is_at_an_index_at_a_time(seats: PropertyDefinition) -> None:
    PropertyDefinition.objects.filter(pk=seats.pk).update(index_state=IndexState.BUILDING)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with property_index._alone(seats.pk):
            held.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    try:
        with pytest.raises(Busy):
            bring_index_in_line(seats.pk)
        assert property_index.being_built() == {seats.pk}
        retry_index(seats, actor=None)
        assert state_of(seats) == IndexState.BUILDING
    finally:
        done.set()
        holder.join()
    assert property_index.being_built() == set()
    retry_index(seats, actor=None)
    assert state_of(seats) == IndexState.QUEUED


def test_an_index_that_nobody_wants_is_not_retried(seats: PropertyDefinition) -> None:
    edit_property(seats, actor=None, indexed=False)
    seats.refresh_from_db()
    with pytest.raises(Refused, match="is not indexed"):
        retry_index(seats, actor=None)


def test_a_worker_that_is_killed_while_it_builds_leaves_what_the_next_run_mends(
    seats: PropertyDefinition,
) -> None:
    """A transaction that stays open keeps the build waiting, so that the worker surely dies in its middle."""
    with open_transaction():
        worker = start_worker()
        try:
            wait_until(lambda: state_of(seats) == IndexState.BUILDING and index_of(seats) is not None)
        finally:
            worker.kill()
            worker.wait()
    wait_until(lambda: not property_index.being_built())
    assert state_of(seats) == IndexState.BUILDING
    mend_indexes()
    assert state_of(seats) == IndexState.READY
    assert execute(IS_VALID.format(seats.index_name)) == [(True,)]


IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = '{}'::regclass"


@contextmanager
def open_transaction() -> Iterator[None]:
    elsewhere = connection.copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE profiles_profile IN ROW EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
    finally:
        elsewhere.close()


def start_worker() -> "subprocess.Popen[bytes]":
    server = connection.connection.info
    login = f"{quote(server.user)}:{quote(server.password)}".rstrip(":")
    url = f"postgresql://{login}@/{server.dbname}?{urlencode({'host': server.host, 'port': server.port})}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"DATABASE_URL": url},
    )


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
