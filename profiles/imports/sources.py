"""From a path to text: opening, decompressing, finding the encoding."""

import codecs
import gzip
import io
import stat
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, Literal, cast

from .rows import LONGEST_ROW, Damaged, Unreadable

Format = Literal["csv", "tsv", "jsonl"]
FORMATS: Final = ("csv", "tsv", "jsonl")
STDIN: Final = "-"

_SUFFIXES: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_GZIP: Final = b"\x1f\x8b"
# The longer marks first: that of UTF-32 starts like that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD: Final = 2**20
_BROKEN: Final = (EOFError, OSError, zlib.error, UnicodeError)


@dataclass(slots=True)
class Source:
    """An open file. `size` is that on disk, in bytes; None where nobody knows, as of a pipe."""

    name: str
    format: Format
    size: int | None
    _file: IO[bytes]
    _text: io.TextIOWrapper

    def lines(self) -> Iterator[str]:
        """Lines with their ends as they are; no more than the first LONGEST_ROW characters of each.

        Bytes that are no text come as lone surrogates, so that one bad line does not stop the file.
        Raises Damaged where the file breaks off.
        """
        number = 0
        try:
            for piece in iter(partial(self._text.readline, LONGEST_ROW), ""):
                number += 1
                yield piece
                if len(piece) == LONGEST_ROW:
                    self._skip_rest_of_line(piece)
        except _BROKEN as error:
            raise Damaged(f"The file cannot be read beyond line {number:,}: {_cause(error)}.") from error

    def position(self) -> int:
        """How many of the `size` bytes were read."""
        return self._file.tell() if self.size else 0

    def close(self) -> None:
        self._text.close()
        if self._file is not sys.stdin.buffer:
            self._file.close()

    def _skip_rest_of_line(self, piece: str) -> None:
        while piece and not piece.endswith(("\n", "\r")):
            piece = self._text.readline(LONGEST_ROW)


def open_source(path: str, *, format: Format | None = None, encoding: str = "") -> Source:
    """Open a file, or the input for `-`. Raises Unreadable where it cannot be one of profiles."""
    name = "the input" if path == STDIN else path
    try:
        file = sys.stdin.buffer if path == STDIN else Path(path).open("rb")  # noqa: SIM115 - Source closes it.
        size = None if path == STDIN else _size(file)
        head, rest = _head(name, file)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror or error}.") from error
    encoding = _known_encoding(encoding) or _encoding_of(head)
    text = _decoded_head(name, head, encoding)
    stream = io.BufferedReader(cast(io.RawIOBase, _Chained(head, rest)), 2**16)
    wrapper = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
    return Source(name, format or _format_of(path, text), size, file, wrapper)


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


def _size(file: IO[bytes]) -> int | None:
    status = Path(file.name).stat()
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _head(name: str, file: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """The first megabyte, decompressed, and where to read on."""
    start = file.peek(2)[:2]  # type: ignore[attr-defined]
    if start == _GZIP:
        rest = cast(IO[bytes], gzip.GzipFile(fileobj=file))
    elif name.endswith(".gz") and start:
        raise Unreadable(f"{name} is named .gz but was not compressed with gzip.")
    else:
        rest = file
    pieces, length = [], 0
    try:
        while length < _HEAD and (piece := _read_some(rest, _HEAD - length)):
            pieces.append(piece)
            length += len(piece)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if not pieces:
            raise Unreadable(f"{name} cannot be decompressed: {_cause(error)}.") from error
    return b"".join(pieces), rest


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
            "Which encoding was it saved with? Often it is --encoding cp1252 (Windows) or --encoding utf-16."
        ) from error
    except UnicodeError as error:
        hint = " Try --encoding utf-16-le or utf-16-be." if encoding == "utf-16" else ""
        raise Unreadable(f"{name} is not {encoding.upper()} text: {_cause(error)}.{hint}") from error
    if text.count("\0") > len(text) // 4:
        raise Unreadable(f"{name} is not {encoding.upper()} text. Try --encoding utf-16-le or utf-16-be.")
    return text


def _format_of(path: str, text: str) -> Format:
    named = Path(path.removesuffix(".gz")).suffix.lower()
    return _SUFFIXES.get(named) or ("jsonl" if text.lstrip().startswith("{") else "csv")


def _cause(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it was cut off"
    return str(error).rstrip(".") or type(error).__name__
