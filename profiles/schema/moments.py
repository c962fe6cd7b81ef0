"""Dates and times: ISO 8601 only, so that no digits are ever guessed to be a day or a timestamp."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from pydantic_core import CoreSchema
from pydantic_core.core_schema import (
    ValidationInfo,
    no_info_plain_validator_function,
    with_info_plain_validator_function,
)

from .fields import Field
from .refusals import refusal

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_AS_MIDNIGHT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]00:00(?::00(?:\.0+)?)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)

# What lies between them has a year from 1 to 9999 in every zone, so that any operator can be shown it.
_FIRST, _END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
_MIDNIGHT = time()


def date_schema(_: Field) -> CoreSchema:
    return no_info_plain_validator_function(read_date)


def datetime_schema(_: Field) -> CoreSchema:
    return with_info_plain_validator_function(_read_datetime)


def read_date(raw: Any) -> str:
    """`YYYY-MM-DD`, of a day that exists. Systems without dates write its midnight, wherever that is."""
    text = raw.strip() if isinstance(raw, str) else raw.isoformat() if type(raw) is date else ""
    if midnight := _DAY_AS_MIDNIGHT.fullmatch(text):
        text = midnight[1]
    if not _DATE.fullmatch(text):
        raise refusal("type", "must be a date like 2026-01-31")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise refusal("type", "must be a day that exists") from None
    return text


def _read_datetime(raw: Any, info: ValidationInfo) -> str:
    """ISO text in UTC. Without an offset, the moment is in the zone that is the validation's context."""
    moment = raw if isinstance(raw, datetime) else _datetime_of_text(raw)
    found = _in_utc(moment, info.context or UTC)
    if found is None or not (_FIRST.year < found.year < _END.year or _FIRST <= found < _END):
        raise refusal("range", "must lie between 0001-01-02 and 9999-12-30")
    if moment.tzinfo is None:
        _check_that_clocks_show(moment, found, info.context or UTC)
    return found.isoformat()


def _in_utc(moment: datetime, zone: tzinfo) -> datetime | None:
    """None where the calendar ends before."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _check_that_clocks_show(local: datetime, moment: datetime, zone: tzinfo) -> None:
    """Raise where the clocks of `zone` skip the local time. A day whose midnight they skip starts later."""
    if local.time() != _MIDNIGHT and moment.astimezone(zone).replace(tzinfo=None) != local:
        skipped = "is skipped as the clocks go forward"
        raise refusal("type", f"must be a time that exists in {zone}", skipped)


def _datetime_of_text(raw: Any) -> datetime:
    text = raw.strip() if isinstance(raw, str) else ""
    if not _DATETIME.fullmatch(text):
        raise refusal("type", "must be a date and time like 2026-01-31T09:30:00Z")
    try:
        if "T" in text and " " not in text and "z" not in text:
            return datetime.fromisoformat(text)
        return datetime.fromisoformat(text[:11] + text[11:].replace(" ", "").upper())
    except ValueError:
        raise refusal("type", "must be a moment that exists") from None
