"""Numbers, whole numbers, yes or no, places: read from text or JSON, never losing a digit."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic_core import CoreSchema
from pydantic_core.core_schema import bool_schema, no_info_plain_validator_function, union_schema

from .fields import Field, plain_number
from .refusals import refusal

DIGITS = 15
_LIMIT = 10**DIGITS
_LARGEST_INTEGER = 2**63 - 1
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_INTEGER = re.compile(r"([+-]?[0-9]{1,19})(?:\.0*)?")
_LONGEST_NUMBER = 400
_YES = frozenset({"true", "yes", "on", "1", "y", "t"})
_NO = frozenset({"false", "no", "off", "0", "n", "f"})


def number_schema(field: Field) -> CoreSchema:
    return no_info_plain_validator_function(_in_range(read_number, field))


def integer_schema(field: Field) -> CoreSchema:
    return no_info_plain_validator_function(_in_range(read_integer, field))


def boolean_schema(_: Field) -> CoreSchema:
    return union_schema(
        [bool_schema(strict=True), no_info_plain_validator_function(read_boolean)], mode="left_to_right"
    )


def geo_schema(_: Field) -> CoreSchema:
    return no_info_plain_validator_function(read_place)


def read_number(raw: Any) -> int | float:
    """A finite number of less than 16 digits before the point; whole ones become int."""
    kind = type(raw)
    if kind is str:
        raw = _float_of_text(raw)
    elif kind is Decimal:
        raw = _float_of_text(str(raw))
    elif kind is not int and kind is not float:
        raise refusal("type", "must be a number")
    if not -_LIMIT < raw < _LIMIT:
        raise refusal("type", f"must be a number of at most {DIGITS} digits")
    return int(raw) if raw == int(raw) else raw


def _float_of_text(text: str) -> float:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise refusal("type", "must be a number, with a point before decimals")
    value = float(text)
    if len(text) > DIGITS or "e" in text or "E" in text:
        _check_that_no_digit_is_lost(text, value)
    return value


def _check_that_no_digit_is_lost(text: str, value: float) -> None:
    """Raise where a double-precision number cannot hold all of `text`."""
    if len(text) > _LONGEST_NUMBER or abs(value) >= _LIMIT or Decimal(text) != Decimal(repr(value)):
        raise refusal("type", f"must be a number of at most {DIGITS} digits")


def read_integer(raw: Any) -> int:
    """A 64-bit integer; `5.0` counts as 5."""
    kind = type(raw)
    if kind is str:
        found = _INTEGER.fullmatch(raw.strip())
        value = int(found[1]) if found else None
    elif kind is int:
        value = raw
    else:
        value = int(raw) if kind is float and raw.is_integer() else None
    if value is None:
        raise refusal("type", "must be a whole number")
    if not -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
        raise refusal("type", "must be a whole number of 64 bits")
    return value


def read_boolean(raw: Any) -> bool:
    if isinstance(raw, str):
        word = raw.strip().lower()
        if word in _YES or word in _NO:
            return word in _YES
    elif isinstance(raw, (int, float)) and raw in (0, 1):
        return bool(raw)
    raise refusal("type", "must be yes or no")


def read_place(raw: Any) -> dict[str, int | float]:
    """A point on the map, from `{"lat": .., "lon": ..}` or the text `lat, lon`."""
    if isinstance(raw, str):
        parts: list[Any] = raw.split(",")
    elif isinstance(raw, dict):
        parts = [raw[key] for key in ("lat", "lon") if key in raw and len(raw) == 2]
    else:
        parts = list(raw) if isinstance(raw, (list, tuple)) else []
    if len(parts) != 2:
        raise refusal("type", "must be a place as latitude, longitude")
    lat, lon = (read_number(part) for part in parts)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise refusal("range", "must be a latitude of -90 to 90 and a longitude of -180 to 180")
    return {"lat": lat, "lon": lon}


def _in_range(read: Callable[[Any], Any], field: Field) -> Callable[[Any], Any]:
    """`read`, and then the smallest and largest value that the property may have."""
    low, high = field.minimum, field.maximum
    if low is None and high is None:
        return read

    def read_in_range(raw: Any) -> Any:
        value = read(raw)
        if low is not None and value < low:
            raise refusal("range", f"must be at least {plain_number(low)}")
        if high is not None and value > high:
            raise refusal("range", f"may be at most {plain_number(high)}")
        return value

    return read_in_range
