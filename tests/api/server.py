"""The real web server on the database of the tests, for what has to go through the network."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from profiles_site.files import ROOT
from profiles_site.run import _granian
from tests.operations.jobs.workers import database_url

_SECONDS_TO_START = 60


@contextmanager
def serving(files: Path, **changed: str) -> Iterator[str]:
    """Run granian with two workers, as `make run` does; yields its address, without a slash at the end.

    `changed` are environment variables.
    """
    port = _free_port()
    environment = {"DATABASE_URL": database_url(), "LOG_LEVEL": "ERROR", "FILES_DIR": str(files)}
    server = subprocess.Popen(_granian("127.0.0.1", port), cwd=ROOT, env=os.environ | environment | changed)
    try:
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        assert server.poll() is None, "The web server ended by itself."
        assert time.monotonic() < deadline, "The web server does not answer."
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)  # The web server has no way to tell us that it listens.
        else:
            return
