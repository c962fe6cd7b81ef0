"""`make run`: database, migrations, demo data, web server and worker in one place, until Ctrl-C.

Everything it starts it also stops, in order: the web server, the worker, the embedded PostgreSQL. A worker
that dies is replaced, and its jobs go on where they were; a web server that dies ends the rest.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NoReturn

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from profiles_site.files import ROOT
from profiles_site.postgres import embedded_server
from profiles_site.prepare import prepare

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
# A worker that dies more often than this within a minute would die again.
MOST_RESTARTS = 5
WEB_WORKERS = 2
# Python computes in one of them at a time; but an upload keeps its thread for as long as its bytes come in.
WEB_THREADS = 4
WORKER = "worker"
_WORK = [sys.executable, "manage.py", "procrastinate", "worker"]
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class Stop(BaseException):
    """Somebody asked us to end. Not an Exception, so that nothing on the way takes it for a failure."""


class CannotRun(Exception):
    """Why, as a sentence."""


def main() -> int:
    """Run until told to stop. Returns the exit code."""
    site = Site(os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000")
    _on_signals(_raise_stop)
    try:
        site.run()
    except Stop:
        return 0
    except (CannotRun, ImproperlyConfigured, OperationalError) as failure:
        print(str(failure).strip(), file=sys.stderr)
        return 1
    finally:
        _on_signals(signal.SIG_IGN)
        site.stop()


class Site:
    """The web server and the worker, at one address."""

    def __init__(self, host: str, port: str) -> None:
        self.host = host
        self.port = port
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.inherited: tuple[int, ...] = ()
        self.restarts: deque[float] = deque(maxlen=MOST_RESTARTS)

    def run(self) -> NoReturn:
        """Raises Stop, or CannotRun when the web server ends by itself, or the worker again and again."""
        address = self._free_address()
        self._serve_its_host()
        self.inherited = _use_database()
        signing_in = prepare(say=_say)
        self._start(WORKER, _WORK)
        self._start("web server", _granian(*address))
        self._wait_for_answer(address)
        _say(f"\nProfiles runs at {self._url()}\n{signing_in}\nCtrl-C stops it.\n")
        self._watch()

    def stop(self) -> None:
        """End the processes, the newest first."""
        if self.children:
            _say("\nStopping.")
        for child in reversed(self.children.values()):
            child.terminate()
            try:
                child.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _end_rest(child)

    def _free_address(self) -> tuple[str, int]:
        """Where to listen, found free, because the web server says less clearly when it is not."""
        self._check_port()
        try:
            family, kind, protocol, _, found = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(found)
        except OSError as error:
            raise CannotRun(
                f"Cannot listen on {self.host}, port {self.port} ({error}). "
                "Stop what uses it, or choose another address: PORT=8001 make run"
            ) from error
        return str(found[0]), int(found[1])

    def _check_port(self) -> None:
        if not (self.port.isascii() and self.port.isdigit() and 0 < int(self.port) < 65536):
            raise CannotRun(f"PORT is “{self.port}”, which is not a number from 1 to 65535.")

    def _serve_its_host(self) -> None:
        """Who sets HOST wants to be reached under that name, or under any when it stands for all."""
        if self.host not in ("127.0.0.1", "localhost", "::1"):
            os.environ.setdefault("ALLOWED_HOSTS", "*" if self.host in EVERY_ADDRESS else self.host)

    def _start(self, name: str, command: list[str]) -> None:
        """A group of its own keeps the terminal's Ctrl-C to us, so that the order of stopping is ours."""
        self.children[name] = subprocess.Popen(command, cwd=ROOT, pass_fds=self.inherited, process_group=0)

    def _wait_for_answer(self, address: tuple[str, int]) -> None:
        target = (EVERY_ADDRESS.get(address[0], address[0]), address[1])
        for _ in range(SECONDS_TO_START * 20):
            self._raise_if_ended()
            try:
                socket.create_connection(target, timeout=1).close()
            except OSError:
                time.sleep(0.05)  # The web server has no way to tell us that it listens.
            else:
                return
        raise CannotRun("The web server does not answer.")

    def _raise_if_ended(self) -> None:
        """But for a worker, which is replaced."""
        for name, child in self.children.items():
            if name != WORKER and child.poll() is not None:
                raise _ended(name, child)

    def _watch(self) -> NoReturn:
        while True:
            self._replace_dead_worker()
            self._raise_if_ended()
            time.sleep(0.5)  # Waiting for any of several processes is not to be had on every system.

    def _replace_dead_worker(self) -> None:
        """Raises CannotRun where it has been replaced MOST_RESTARTS times within a minute."""
        code, now = self.children[WORKER].poll(), time.monotonic()
        if code is None:
            return
        if len(self.restarts) == MOST_RESTARTS and now - self.restarts[0] < 60:
            raise _ended(WORKER, self.children[WORKER])
        self.restarts.append(now)
        _end_rest(self.children[WORKER])
        self._start(WORKER, _WORK)
        _say(f"The worker ended by itself, with exit code {code}: another one goes on.")

    def _url(self) -> str:
        host = "localhost" if self.host in EVERY_ADDRESS else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


def _ended(name: str, child: subprocess.Popen[bytes]) -> CannotRun:
    return CannotRun(f"The {name} ended by itself, with exit code {child.returncode}: stopping the rest.")


def _end_rest(child: subprocess.Popen[bytes]) -> None:
    """What a process that was killed had started itself is left over, in its group.

    Returns when it is gone: until then it would keep the embedded PostgreSQL, which the last one stops.
    """
    with contextlib.suppress(ProcessLookupError):
        for _ in range(40):
            os.killpg(child.pid, signal.SIGKILL)
            time.sleep(0.05)  # They are not our children: nobody tells us of their end.


def _granian(host: str, port: int) -> list[str]:
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "http": 1,
        "workers": WEB_WORKERS,
        "blocking-threads": WEB_THREADS,
        "workers-kill-timeout": SECONDS_TO_STOP // 2,
        "log-level": "warning",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    flags += ["--no-ws", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *flags, "profiles_site.wsgi:application"]


def _use_database() -> tuple[int, ...]:
    """Make sure that there is a database and that every process finds it.

    Returns what children inherit: with the lock, the embedded server outlives us as long as they need it.
    """
    if url := os.environ.get("DATABASE_URL"):
        _check_database(url)
        return ()
    _say("Starting the embedded PostgreSQL.")
    os.environ["DATABASE_URL"] = embedded_server().url()
    return (embedded_server().lock_file(),)


def _check_database(url: str) -> None:
    """Whether it answers; asked at once, while Django's pool of connections would go on trying."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise CannotRun(f"The database of DATABASE_URL does not answer: {str(error).strip()}") from error
    except psycopg.ProgrammingError as error:
        raise CannotRun("DATABASE_URL is not like postgresql://user:password@host/database.") from error


def _on_signals(handler: Callable[..., Any] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _raise_stop(number: int, frame: object) -> NoReturn:
    raise Stop


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
