"""Bodies: read raw and decided by the path, because media types of clients lie (contracts 7)."""

import zlib
from codecs import BOM_UTF8
from typing import Any, Final

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from .errors import ApiError, Reason

MB: Final = 1 << 20
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_PLAIN: Final = ("", "identity")
_PACKED: Final = ("gzip", "x-gzip", "deflate")
# Nobody packs in more parts than that, and each of them costs a copy of what is behind it.
_MOST_PARTS: Final = 100
# Far more than any body has; what reads values goes down by calling itself.
_DEEPEST: Final = 100


def read_body(request: HttpRequest, *, most: int = 10 * MB) -> bytes:
    """The body, unpacked where it came as gzip. Raises ApiError: too large, cut off, no gzip."""
    body = _sent(request, most)
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding in _PACKED:
        body = _unpacked(body, most)
    elif coding not in _PLAIN:
        raise ApiError(Reason.BAD_BODY, "A body may be packed with gzip only.", status=415)
    if len(body) > most:
        raise _too_large(most)
    return body


def read_json(request: HttpRequest, *, most: int = 10 * MB) -> Any:
    """The body as JSON, whatever its media type says. Of a key that comes twice, the last one counts.

    Raises ApiError where it is none: empty, cut off, not UTF-8, NaN; or is nested too deeply.
    """
    body = read_body(request, most=most).removeprefix(BOM_UTF8)
    if not body.strip():
        raise ApiError(Reason.BAD_BODY, "The body is empty; JSON is expected.")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ApiError(Reason.BAD_BODY, f"The body is not JSON: {error}."[:300]) from None
    _refuse_depth(found)
    return found


def _refuse_depth(found: Any) -> None:
    """Level by level, so that it cannot go too deep itself."""
    level: list[dict[str, Any] | list[Any]] = [[found]]
    for _ in range(_DEEPEST + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ApiError(Reason.BAD_BODY, f"The body is nested more than {_DEEPEST} levels deep.")


def _sent(request: HttpRequest, most: int) -> bytes:
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        _read_chunks(request, most)
    try:
        body = request.body
    except RequestDataTooBig:
        raise _too_large(most) from None
    except UnreadablePostError:
        raise _cut_off() from None
    if len(body) < int(request.META.get("CONTENT_LENGTH") or 0):
        raise _cut_off()
    return body


def _read_chunks(request: HttpRequest, most: int) -> None:
    """A body that comes in chunks has no length, which Django takes for an empty one."""
    if not hasattr(request, "_body"):
        try:
            request._body = request.META["wsgi.input"].read(most + 1)
        except OSError:
            raise _cut_off() from None


def _unpacked(body: bytes, most: int) -> bytes:
    """Gzip may come in several members behind one another. Stops as soon as it is too much."""
    plain = b""
    for _ in range(_MOST_PARTS):
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            plain += unpacker.decompress(body, most + 1 - len(plain))
        except zlib.error:
            raise ApiError(Reason.BAD_BODY, "The body is not packed with gzip, though it says so.") from None
        if len(plain) > most:
            raise _too_large(most)
        if not unpacker.eof:
            raise ApiError(Reason.BAD_BODY, "The packed body ends before it is complete.")
        body = unpacker.unused_data.lstrip(b"\0")
        if not body:
            return plain
    raise ApiError(Reason.BAD_BODY, f"The body is packed in more than {_MOST_PARTS} parts.")


def _cut_off() -> ApiError:
    return ApiError(Reason.BAD_BODY, "The body ended before it was complete.")


def _too_large(most: int) -> ApiError:
    return ApiError(Reason.BODY_TOO_LARGE, f"The body is larger than {most / MB:g} MB.")
