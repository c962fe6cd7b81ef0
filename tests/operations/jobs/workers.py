"""Real workers, started and killed by tests."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

_ROOT = Path(__file__).parents[3]
# What takes long at the start of a worker are imports: they are done once, and each worker is a fork of that.
_NURSERY = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
import procrastinate.cli, procrastinate.worker, psycopg_pool, profiles.jobs
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for concurrency in sys.stdin:
    child = os.fork()
    if not child:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        call_command("procrastinate", "worker", concurrency=int(concurrency))
        os._exit(0)
    print(child, flush=True)
"""


class Workers:
    """`manage.py procrastinate worker`, as many as are wanted, on the database of the tests."""

    def __init__(self) -> None:
        environment = {"DATABASE_URL": database_url(), "LOG_LEVEL": "ERROR", "FILES_DIR": settings.FILES_DIR}
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", _NURSERY],
            cwd=_ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._alive: list[int] = []

    def start(self, *, concurrency: int = 3) -> int:
        """The process id of a new worker."""
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(f"{concurrency}\n")
        self._nursery.stdin.flush()
        self._alive.append(int(self._nursery.stdout.readline()))
        return self._alive[-1]

    def end(self, worker: int, signal: Signals = SIGKILL) -> None:
        """Send it the signal, and wait until it is gone."""
        if is_alive(worker):
            os.kill(worker, signal)
        wait_until(lambda: not is_alive(worker))
        self._alive.remove(worker)

    def close(self) -> None:
        for worker in [*self._alive]:
            self.end(worker)
        self._nursery.communicate(timeout=10)


def is_alive(worker: int) -> bool:
    return Path(f"/proc/{worker}").exists()


def wait_until(condition: Callable[[], Any], *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It takes too long."
        time.sleep(0.003)


def database_url() -> str:
    """The database of the tests, for other processes."""
    server = connection.get_connection_params()
    login = f"{quote(server['user'])}:{quote(server.get('password') or '')}".rstrip(":")
    place = {"host": server["host"], "port": server.get("port") or 5432}
    return f"postgresql://{login}@/{server['dbname']}?{urlencode(place)}"
