"""How a profile looks in an answer, and the tag of its version."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from django.http import HttpResponse

from profiles.models import TEXT_COLUMNS
from profiles.queries.records import Record

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DEFAULTS: Final = (*TEXT_COLUMNS, "birthday")
PLAIN: Final = (
    *("id", "distinct_id", "environment", "status", "display_name", *_DEFAULTS),
    *("tags", "sources", "created_at", "updated_at", "last_seen_at"),
)
"""Members of a profile that are not objects."""
OBJECTS: Final = {"channel": "channels", "custom": "custom"}
"""Which member holds the properties of a kind, whose paths begin with it."""
Fields = Mapping[str, frozenset[str] | None]
"""Members to answer; of `channels` and `custom` some keys, or None for all."""


def answer(found: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(found), status=status, content_type="application/json", headers=dict(headers or {})
    )


def document(record: Record, fields: Fields | None = None) -> dict[str, Any]:
    """A profile as applications see it. Unset default properties are null, other unset ones absent."""
    if fields is not None:
        return _chosen(record, fields)
    found = record._asdict()
    for name in _DEFAULTS:
        found[name] = found[name] or None
    found["channels"] = orjson.Fragment(record.channels)
    found["custom"] = orjson.Fragment(record.custom)
    return found


def etag(record: Record) -> str:
    """Strong: no two states of a profile were written in the same microsecond."""
    return f'"{record.id.hex}.{(record.updated_at - _EPOCH) // _MICROSECOND:x}"'


def _chosen(record: Record, fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {"id": record.id}
    for name, keys in fields.items():
        value = getattr(record, name)
        if name in OBJECTS.values():
            value = _some(value, keys)
        elif name in _DEFAULTS:
            value = value or None
        found[name] = value
    return found


def _some(text: str, keys: frozenset[str] | None) -> Any:
    if keys is None:
        return orjson.Fragment(text)
    return {key: value for key, value in orjson.loads(text).items() if key in keys}
