"""The attributes of a profile, which are its custom properties, on their way in and out."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from profiles.api.common import ApiError, Reason
from profiles.models import PropertyType
from profiles.schema import Field, Schema

CUSTOM: Final = "custom."
_SCALARS: Final = (str, int, float)


def read_attributes(raw: Any, schema: Schema) -> dict[str, Any]:
    """Values by path; null clears. What no property can hold, an object within, becomes its JSON as text."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ApiError(Reason.BAD_REQUEST, "attributes has to be an object.")
    fields = {key: schema.field(f"{CUSTOM}{key}") for key in raw}
    # Where there is no such property, there is nothing to clear.
    given = {key: value for key, value in raw.items() if value is not None or fields[key]}
    return {f"{CUSTOM}{key}": _read(value, fields[key]) for key, value in given.items()}


def said_attributes(custom: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Numbers are said as strings (contracts 8.6); archived properties are not said."""
    return {key: _said(value) for key, value in custom.items() if f"{CUSTOM}{key}" not in schema.archived}


def _read(value: Any, field: Field | None) -> Any:
    if not isinstance(value, dict | list) or (field and field.type == PropertyType.GEO):
        return value
    is_plain = isinstance(value, list) and all(isinstance(item, _SCALARS) for item in value)
    if is_plain and not any(isinstance(item, bool) for item in value) and (not field or field.is_list):
        return value
    return orjson.dumps(value).decode()


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _said(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_said(item) for item in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
