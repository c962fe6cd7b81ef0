"""Where a site keeps things, and files that several processes share: locks, secrets that are made once."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What a site makes and keeps: the embedded database, secrets, collected static files.
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def kept_secret(path: Path, *, length: int) -> str:
    """The secret in the file, made at random by the first that asks, of `length` random bytes."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        secret = file.read()
        if not secret:
            secret = secrets.token_urlsafe(length)
            file.write(secret)
        return secret


def take_lock(path: Path, *, exclusive: bool, wait: bool = True) -> int:
    """The descriptor that holds the lock until it is closed, or until the process ends in whatever way.

    Raises BlockingIOError when somebody else holds it and `wait` is false.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(
            descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB)
        )
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextlib.contextmanager
def locked(path: Path, *, exclusive: bool, wait: bool = True) -> Iterator[bool]:
    """Whether the lock was had; it is released at the end."""
    try:
        descriptor = take_lock(path, exclusive=exclusive, wait=wait)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)
