"""What a file is wrapped in: gzip, or a .zip with one table in it. No more is unpacked than is read."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Final, cast

from .rows import Unreadable

SUFFIXES: Final = (".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".json", ".xlsx", ".xlsm")
FREELY: Final = 2**30
MOST_TIMES: Final = 200
"""A packed file may unpack to a gigabyte, and beyond that to 200 times what was read of it.

Tables pack to a third or a thirtieth of their size, so five packed gigabytes are no trouble. A bomb, a
thousand times its size, is noticed after its first gigabyte; until then it is only read, never kept.
"""
DAMAGED: Final = (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error)
BROKEN: Final = (EOFError, OSError, zlib.error, zipfile.BadZipFile, UnicodeError)

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_END: Final = b"PK\x05\x06"
_LONGEST_CONTENTS: Final = 2**24
_NO_TABLES: Final = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old (.xls) or a password-protected Excel file: save it as .xlsx without a password",
    ),
    (b"%PDF-", "a PDF"),
    (b"PAR1", "a Parquet file: save it as CSV or JSON lines"),
    (b"BZh91AY&SY", "packed with bzip2: unpack it, or pack it with gzip"),
    (b"\xfd7zXZ", "packed with xz: unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard: unpack it, or pack it with gzip"),
    (b"7z\xbc\xaf", "a .7z archive: unpack it, or pack it as .zip"),
    (b"Rar!", "a .rar archive: unpack it, or pack it as .zip"),
    (b"SQLite format 3", "a database"),
)
_ENCRYPTED: Final = 1
_LISTED: Final = 10
_PIECE: Final = 2**20


class Swollen(OSError):
    """More comes out of a packed file than any table has."""


@dataclass(slots=True)
class Unpacked:
    """`stream` gives the bytes of the table `name`, `done` tells how many of the file's were read so far."""

    name: str
    stream: IO[bytes]
    done: Callable[[], int]
    notes: list[str] = field(default_factory=list)
    is_workbook: bool = False


def unpacked(name: str, file: IO[bytes]) -> Unpacked:
    """`name` is that of the file. Raises Unreadable and what is BROKEN."""
    start = cast(io.BufferedReader, file).peek(16)[:16]
    _refuse_others(name, start)
    if start.startswith(_ZIP):
        return _of_zip(name, file)
    if start.startswith(_GZIP):
        stream = Unpacking(cast(IO[bytes], gzip.GzipFile(fileobj=file)), file.tell)
        _refuse_packed_twice(name, stream)
        return Unpacked(_without_gz(name), cast(IO[bytes], stream), file.tell)
    if name.lower().endswith(".gz") and start:
        raise Unreadable(f"{name} is named .gz but was not compressed with gzip.")
    if name.lower().endswith((".zip", ".xlsx", ".xlsm")) and start:
        raise Unreadable(f"{name} is not what its name says: it does not begin like a .zip or .xlsx file.")
    return Unpacked(name, file, file.tell)


class Unpacking(io.RawIOBase):
    """Bytes as they come out of a packed file; raises Swollen where they are too many for what goes in."""

    def __init__(self, stream: IO[bytes], done: Callable[[], int]) -> None:
        self._stream = stream
        self._done = done
        self._count = 0
        self._held = b""
        self._broken: Exception | None = None

    def readable(self) -> bool:
        return True

    def read1(self, most: int) -> bytes:
        if self._held:
            piece, self._held = self._held[:most], self._held[most:]
            return piece
        piece = self._next(most)
        self._count += len(piece)
        if self._count > FREELY and self._count > MOST_TIMES * self._done():
            raise Swollen(f"it unpacks to more than {MOST_TIMES} times its size, as no table does")
        return piece

    def seekable(self) -> bool:
        return self._stream.seekable()

    def tell(self) -> int:
        return self._count - len(self._held)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Only from the start: what comes before `offset` is unpacked and thrown away."""
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation
        self._stream.seek(0)
        self._count, self._held, self._broken = 0, b"", None
        while self._count < offset and self.read1(min(_PIECE, offset - self._count)):
            pass
        return self._count

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self.read1(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def peek(self, most: int) -> bytes:
        self._held = self._held or self.read1(max(most, _PIECE))
        return self._held[:most]

    def _next(self, most: int) -> bytes:
        """Raises for good: read on behind a wrong checksum, a file only seems to be cut off."""
        if self._broken:
            raise self._broken
        try:
            return cast(bytes, self._stream.read1(most))  # type: ignore[attr-defined]
        except BROKEN as error:
            self._broken = error
            raise


def _without_gz(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _refuse_others(name: str, start: bytes) -> None:
    for mark, what in _NO_TABLES:
        if start.startswith(mark):
            raise Unreadable(f"{name} is {what}.")


def _refuse_packed_twice(name: str, stream: Unpacking) -> None:
    start = stream.peek(16)
    _refuse_others(name, start)
    if start.startswith((_GZIP, *_ZIP)):
        raise Unreadable(f"What is in {name} is packed itself: unpack one of the two.")


def _of_zip(name: str, file: IO[bytes]) -> Unpacked:
    if not file.seekable():
        raise Unreadable(f"{name} is a .zip or .xlsx file, which cannot be read from a pipe: name the file.")
    try:
        _refuse_long_contents(name, file)
        archive = zipfile.ZipFile(file)
        if "[Content_Types].xml" in archive.NameToInfo:
            _refuse_other_documents(name, archive)
            file.seek(0)
            return Unpacked(name, file, file.tell, is_workbook=True)
        return _of_member(name, archive, file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable(f"{name} cannot be unpacked: {_cause(error)}.") from error


def _refuse_long_contents(name: str, file: IO[bytes]) -> None:
    """`ZipFile` holds the whole list of contents in memory; a table, a workbook too, has a short one."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - 2**16))
    _, mark, end = file.read().rpartition(_ZIP_END)
    file.seek(0)
    if mark and len(end) >= 12 and int.from_bytes(end[8:12], "little") > _LONGEST_CONTENTS:
        raise Unreadable(f"{name} holds far too many files to be a table.")


def _of_member(name: str, archive: zipfile.ZipFile, file: IO[bytes]) -> Unpacked:
    member, notes = _table_in(name, archive)
    if member.flag_bits & _ENCRYPTED:
        raise Unreadable(f"{name} is protected with a password: pack it without one.")
    opened = archive.open(member)
    length = max(member.file_size, 1)

    def done() -> int:
        return member.compress_size * min(opened.tell(), length) // length

    stream = Unpacking(opened, done)
    if stream.peek(4).startswith(_ZIP) and member.filename.endswith((".xlsx", ".xlsm")):
        copy = _copied(stream)
        return Unpacked(member.filename, copy, copy.tell, notes, is_workbook=True)
    _refuse_packed_twice(name, stream)
    return Unpacked(member.filename, cast(IO[bytes], stream), done, notes)


def _table_in(name: str, archive: zipfile.ZipFile) -> tuple[zipfile.ZipInfo, list[str]]:
    """The one table in the archive, and what to say about the other files."""
    files = [each for each in archive.infolist() if not each.is_dir() and not _is_litter(each.filename)]
    tables = [each for each in files if each.filename.lower().endswith(SUFFIXES)] or files
    if not tables:
        raise Unreadable(f"There is no file in {name}.")
    if len(tables) > 1:
        raise Unreadable(f"{name} holds {len(tables)} files: {_listed(tables)}. Import them one by one.")
    others = [each for each in files if each is not tables[0]]
    notes = [f"In {name}, {tables[0].filename} is read and {_listed(others)} passed over."] if others else []
    return tables[0], notes


def _is_litter(path: str) -> bool:
    """Whether it is what systems put beside the files of people."""
    parts = PurePosixPath(path).parts
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() == "thumbs.db"


def _listed(members: Sequence[zipfile.ZipInfo]) -> str:
    named = ", ".join(member.filename[:80] for member in members[:_LISTED])
    return f"{named} and {len(members) - _LISTED} more" if len(members) > _LISTED else named


def _refuse_other_documents(name: str, archive: zipfile.ZipFile) -> None:
    if "xl/workbook.bin" in archive.NameToInfo:
        raise Unreadable(f"{name} is a binary Excel file (.xlsb): save it as .xlsx.")
    if not any(each.startswith("xl/") for each in archive.NameToInfo):
        raise Unreadable(f"{name} is an office document without a table: save a workbook as .xlsx.")


def _copied(stream: Unpacking) -> IO[bytes]:
    """A workbook within a .zip, in a file of its own, as it is read here and there."""
    copy = TemporaryFile()  # noqa: SIM115 - it lives as long as it is read.
    while piece := stream.read1(_PIECE):
        copy.write(piece)
    copy.seek(0)
    return copy


def _cause(error: Exception) -> str:
    if isinstance(error, NotImplementedError):
        return "its way of packing (Deflate64, perhaps) is not known here; pack it with gzip"
    if "not a zip file" in str(error).lower():
        return "it was cut off, as the list of its contents is missing"
    return str(error).rstrip(".") or type(error).__name__
