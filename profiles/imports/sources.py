"""From a path to text: opening, unpacking, finding the encoding."""

import codecs
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import IO, Final, Literal, cast

from .packing import BROKEN, DAMAGED, Unpacked, unpacked
from .rows import LONGEST_ROW, Damaged, Position, Unreadable

Format = Literal["csv", "tsv", "jsonl", "xlsx"]
FORMATS: Final = ("csv", "tsv", "jsonl", "xlsx")
STDIN: Final = "-"

_SUFFIXES: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
# The longer marks first: that of UTF-32 starts like that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD: Final = 2**20
_UTF8: Final = ("utf-8", "utf-8-sig")
_EVERY_BYTE: Final = bytes(range(256))


@dataclass(slots=True)
class Source:
    """An open file. `size` is that on disk, in bytes; None where nobody knows, as of a pipe.

    `notes` are sentences for the person about what of the file is not read. `offset` counts the bytes,
    unpacked, up to the end of the last line that `lines` gave; it stays 0 where the encoding hides it.
    `done` says how many of the `size` bytes were read.
    """

    name: str
    format: Format
    size: int | None
    encoding: str
    notes: list[str]
    done: Callable[[], int]
    offset: int = 0
    _file: IO[bytes] = field(default_factory=io.BytesIO)
    _rest: IO[bytes] = field(default_factory=io.BytesIO)
    _head: bytes = b""

    def lines(self, at: Position | None = None) -> Iterator[str]:
        """Lines with their ends as they are; no more than the first LONGEST_ROW characters of each.

        With `at`, which needs `can_seek`, those after it. Bytes that are no text come as lone surrogates, so
        that one bad line does not stop the file. Raises Damaged where the file breaks off.
        """
        number = at.line if at else 0
        try:
            text, count, offset = self._text(at), _counter(self.encoding), self.offset
            for piece in iter(partial(text.readline, LONGEST_ROW), ""):
                number += 1
                if len(piece) == LONGEST_ROW:
                    offset += _skip_rest_of_line(text, piece, count or len)
                if count:
                    self.offset = offset = offset + (len(piece) if piece.isascii() else count(piece))
                yield piece
        except BROKEN as error:
            raise damaged(error, f"line {number:,}") from error

    @property
    def can_seek(self) -> bool:
        """Whether `lines` can begin at an offset."""
        return self._rest.seekable() and _counter(self.encoding) is not None

    def content(self) -> io.BufferedReader:
        """All that is in the file, unpacked."""
        return _buffered(_Chained(self._head, self._rest))

    def text(self) -> io.TextIOWrapper:
        """The same as text; bytes that are none come as lone surrogates."""
        return self._text(None)

    @property
    def head(self) -> str:
        """The text of the first megabyte."""
        return self._head.decode(self.encoding, "replace")

    def workbook(self) -> IO[bytes]:
        """The workbook as it is on disk, to be read here and there."""
        return self._rest

    def position(self) -> int:
        """How many of the `size` bytes were read."""
        return min(self.done(), self.size) if self.size else 0

    def close(self) -> None:
        if self._file is not sys.stdin.buffer:
            self._rest.close()
            self._file.close()

    def _text(self, at: Position | None) -> io.TextIOWrapper:
        if at is None:
            self.offset = len(codecs.BOM_UTF8) if self.encoding == "utf-8-sig" else 0
            return io.TextIOWrapper(self.content(), self.encoding, errors="surrogateescape", newline="")
        self.offset = self._rest.seek(at.offset)
        if self.offset < at.offset or (self._rest is self._file and at.offset > (self.size or 0)):
            raise EOFError
        stream = _buffered(_Chained(b"", self._rest))
        encoding = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
        return io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")


def open_source(path: str, *, format: Format | None = None, encoding: str = "", name: str = "") -> Source:
    """Open a file, or the input for `-`. Raises Unreadable where it cannot be one of profiles.

    `name` is what the person calls the file, where it is kept under another one.
    """
    name = name or ("the input" if path == STDIN else path)
    try:
        file = sys.stdin.buffer if path == STDIN else Path(path).open("rb")  # noqa: SIM115 - Source closes it.
        size = None if path == STDIN else _size(file)
        content = unpacked(name, file)
        if content.is_workbook:
            return _workbook(name, size, file, content, format)
        head = _head(content.stream)
    except BROKEN as error:
        trouble = getattr(error, "strerror", "")
        raise Unreadable(
            f"{name} cannot be read: {trouble}." if trouble else f"{name} cannot be unpacked: {cause(error)}."
        ) from error
    if format == "xlsx":
        raise Unreadable(f"{name} is no XLSX file.")
    encoding = _known_encoding(encoding) or _encoding_of(head)
    text = _decoded_head(name, head, encoding)
    found = format or _format_of(content.name, text)
    return Source(name, found, size, encoding, content.notes, content.done, 0, file, content.stream, head)


def damaged(error: Exception, place: str) -> Damaged:
    return Damaged(f"The file cannot be read beyond {place}: {cause(error)}.")


def cause(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it was cut off"
    if isinstance(error, DAMAGED):
        return "it is damaged"
    return str(error).rstrip(".") or type(error).__name__


class _Chained(io.RawIOBase):
    """The bytes looked at already, then the rest of the file."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._head:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            piece = memoryview(_read_some(self._rest, len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


def _buffered(stream: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(stream, 2**16)


def _skip_rest_of_line(text: io.TextIOWrapper, piece: str, count: Callable[[str], int]) -> int:
    """How many bytes were skipped."""
    skipped = 0
    while piece and not piece.endswith(("\n", "\r")):
        piece = text.readline(LONGEST_ROW)
        skipped += count(piece)
    return skipped


def _counter(encoding: str) -> Callable[[str], int] | None:
    """What tells how many bytes a text took, or None for an encoding of which that cannot be said."""
    if encoding in _UTF8:
        return lambda text: len(text.encode("utf-8", "surrogateescape"))
    return len if _is_of_single_bytes(encoding) else None


@cache
def _is_of_single_bytes(encoding: str) -> bool:
    try:
        return len(_EVERY_BYTE.decode(encoding, "surrogateescape")) == len(_EVERY_BYTE)
    except UnicodeError:
        return False


def _size(file: IO[bytes]) -> int | None:
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _workbook(
    name: str, size: int | None, file: IO[bytes], content: Unpacked, format: Format | None
) -> Source:
    if format not in (None, "xlsx"):
        raise Unreadable(f"{name} is an XLSX file, not {format.upper()}.")
    return Source(name, "xlsx", size, "", content.notes, content.done, 0, file, content.stream)


def _head(stream: IO[bytes]) -> bytes:
    """The first megabyte. Raises what is BROKEN where there is nothing at all before the break."""
    pieces, length = [], 0
    try:
        while length < _HEAD and (piece := _read_some(stream, _HEAD - length)):
            pieces.append(piece)
            length += len(piece)
    except BROKEN:
        if not pieces:
            raise
    return b"".join(pieces)


def _read_some(file: IO[bytes], most: int) -> bytes:
    """What one read gives, so that what comes before the break of a damaged file is not lost."""
    return cast(bytes, file.read1(most))  # type: ignore[attr-defined]


def _known_encoding(encoding: str) -> str:
    try:
        " ".encode(encoding or "utf-8")  # Takes encodings of text alone; `lookup` finds rot13 and base64 too.
        return codecs.lookup(encoding).name if encoding else ""
    except (LookupError, UnicodeError):
        raise Unreadable(
            f"There is no encoding “{encoding}”. Try utf-8, utf-16, cp1252 or latin-1."
        ) from None


def _encoding_of(head: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "utf-8")


def _decoded_head(name: str, head: bytes, encoding: str) -> str:
    """The text of the head. Raises Unreadable, with the place, where it is no text."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError as error:
        before = head[: error.start]
        line = before.count(b"\n") + 1
        byte = len(before) - before.rfind(b"\n")
        raise Unreadable(
            f"{name} is not {encoding.upper()} text: "
            f"byte {byte} of line {line:,} is 0x{head[error.start]:02X}. "
            "Which encoding was it saved with? Often it is cp1252 (Windows) or utf-16: name it."
        ) from error
    except UnicodeError as error:
        hint = " Try utf-16-le or utf-16-be." if encoding == "utf-16" else ""
        raise Unreadable(f"{name} is not {encoding.upper()} text: {cause(error)}.{hint}") from error
    if text.count("\0") > len(text) // 4:
        raise Unreadable(
            f"{name} is not {encoding.upper()} text. "
            "If it is text at all, try the encoding utf-16-le or utf-16-be."
        )
    return text


def _format_of(name: str, text: str) -> Format:
    named = Path(name).suffix.lower()
    return _SUFFIXES.get(named) or ("jsonl" if text.lstrip().startswith(("{", "[")) else "csv")
