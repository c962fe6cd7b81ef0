"""Files that people send: onto the disk piece by piece, and kept for a week.

What arrives is written beside the kept files under a name that begins with a dot, and becomes a StoredFile
in one rename once it is whole. Whatever stops it on the way, nothing is left but such a file, which goes when
the request ends or, after a crash, by `sweep_uploads`.
"""

import errno
import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import FileRole, Operator, StoredFile, Workspace

from .abandoned import abandoned

KEPT_FOR: Final = timedelta(days=7)
# What uploads leave to the database and to the rest of the machine.
_SPARED: Final = 2**28
_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
_UNFINISHED: Final = ".part"


class Upload:
    """A file on its way. As a context manager it leaves nothing behind that was not kept."""

    def __init__(self, name: str, *, expected: int | None = None) -> None:
        """Raises Refused for more than the limit, or than there is room for; `expected` is in bytes."""
        self.name = _plain_name(name)
        self.size = 0
        self._path = _folder() / f".{uuid.uuid4().hex}{_UNFINISHED}"
        self._refuse_too_large(expected or 0)
        self._refuse_without_room(expected or 0)
        self._file = self._path.open("wb")

    def __enter__(self) -> "Upload":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, piece: bytes) -> None:
        """Raises Refused when it grows over the limit, or the disk is full."""
        self._refuse_too_large(self.size + len(piece))
        if self.size // _SPARED != (self.size + len(piece)) // _SPARED:
            self._refuse_without_room(0)
        try:
            self._file.write(piece)
        except OSError as error:
            raise _in_words(error) from error
        self.size += len(piece)

    @transaction.atomic
    def keep(self, workspace: Workspace, *, operator: Operator) -> StoredFile:
        """Make it a file of the workspace. Raises Refused where it is empty, or does not fit the disk."""
        try:
            self._file.close()
        except OSError as error:
            raise _in_words(error) from error
        if not self.size:
            raise Refused(f"{self.name} is empty: there is nothing to import.")
        stored = StoredFile.objects.create(
            workspace=workspace,
            operator=operator,
            role=FileRole.UPLOAD,
            name=self.name,
            size=self.size,
            expires_at=timezone.now() + KEPT_FOR,
        )
        self._path.rename(stored.path)
        return stored

    def discard(self) -> None:
        """Remove it, unless it was kept. Twice does no harm."""
        try:
            self._file.close()
        finally:
            self._path.unlink(missing_ok=True)

    def _refuse_too_large(self, size: int) -> None:
        if size > settings.MAX_UPLOAD_BYTES:
            raise Refused(
                f"{self.name} is larger than {in_bytes(settings.MAX_UPLOAD_BYTES)}, the most that is taken. "
                "Pack it with gzip, divide it, or use the command import_profiles on the server."
            )

    def _refuse_without_room(self, expected: int) -> None:
        if shutil.disk_usage(self._path.parent).free < expected + _SPARED:
            raise Refused(f"The server's disk has no room for {self.name}. Nothing was kept of it.")


def sweep_uploads() -> None:
    """Remove what crashed servers left of uploads."""
    for path in abandoned(_folder(), f".*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def in_bytes(size: int) -> str:
    """A size as people say it: 5 GB, 1.5 MB."""
    number, unit = float(size), "bytes"
    for larger in ("KB", "MB", "GB", "TB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{number:.0f} {unit}" if number >= 10 else f"{round(number, 1):g} {unit}"


def _folder() -> Path:
    folder = Path(settings.FILES_DIR) / FileRole.UPLOAD
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _plain_name(name: str) -> str:
    """The last part of it, as some browsers send a path, and of that the end, which tells the format."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").strip()[-255:]


def _in_words(error: OSError) -> Refused:
    if error.errno in _NO_SPACE:
        return Refused("The server's disk is full. Nothing was kept of the file.")
    return Refused(f"The file could not be written to the server's disk: {error.strerror or error}.")
