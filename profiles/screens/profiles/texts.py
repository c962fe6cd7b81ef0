"""A property's value as the text of a form control, and the text that comes back as a value.

A browser returns text a little changed: line ends become CR LF, seconds of zero are dropped. `is_untouched`
knows, so that a value nobody touched is never written, whatever it is.
"""

import json
import math
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from profiles.models import PropertyType
from profiles.schema import Field

from .moments import moment_of
from .tokens import text_of_tokens

# What HTML takes for a valid date, and a valid local date and time; a control drops anything else.
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?", re.ASCII)


def shown_text(field: Field, value: Any, zone: ZoneInfo) -> str:
    """What the control of `field` shows for a stored JSON value, fitting its type or not."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _local_text(value, zone) if field.type == PropertyType.DATETIME else value
    if field.type == PropertyType.TOKENS and (text := text_of_tokens(value)):
        return text
    if field.is_list and _fits_lines(value):
        return "\n".join(_item_text(item) for item in value)
    if field.type == PropertyType.GEO and _is_place(value):
        return f"{value['lat']}, {value['lon']}"
    return json.dumps(value, ensure_ascii=False)


def raw_value(field: Field, text: str) -> Any:
    """What the validator is to read from the posted text."""
    text = with_plain_lines(text)
    if not field.is_list:
        return text
    items = _json_list(text)
    if items is not None:
        return items
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [_token(line) for line in lines] if field.type == PropertyType.TOKENS else lines


def is_untouched(field: Field, *, shown: str, posted: str) -> bool:
    if with_plain_lines(shown) == with_plain_lines(posted):
        return True
    if field.type != PropertyType.DATETIME:
        return False
    moment = _moment(shown)
    return moment is not None and moment == _moment(posted)


def with_plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def fits_date_control(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and _parsed(text) is not None


def fits_moment_control(text: str) -> bool:
    return _moment(text) is not None


def _local_text(value: str, zone: ZoneInfo) -> str:
    """The moment in the operator's zone, to the millisecond, as <input type=datetime-local> wants it."""
    if (moment := moment_of(value)) is None:
        return value
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        return value
    text = local.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text.removesuffix(".000").removesuffix(":00")


def _moment(text: str) -> datetime | None:
    """The local time in a datetime control's text."""
    return _parsed(text) if _MOMENT.fullmatch(text) else None


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _fits_lines(value: Any) -> bool:
    """Whether each element can stand on a line of its own and be read back as it is."""
    if not isinstance(value, list) or _json_list("\n".join(map(_item_text, value))) is not None:
        return False
    return all(map(_is_one_line, map(_item_text, value)))


def _is_one_line(text: str) -> bool:
    return bool(text) and text == text.strip() and "\n" not in text and "\r" not in text


def _item_text(item: Any) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, dict) and item.keys() == {"token", "status"} and item["status"] == 1:
        return str(item["token"])
    return json.dumps(item, ensure_ascii=False)


def _json_list(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _token(line: str) -> Any:
    """A token with its integration and status, where the line is JSON; else the line is the token."""
    if not line.startswith("{"):
        return line
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line


def _is_place(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"lat", "lon"} and all(map(_is_finite, value.values()))


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
