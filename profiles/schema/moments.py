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

# As most systems write them. A year within these needs no look at the edges of the calendar.
_USUAL = re.compile(
    r"(?!0001|9999)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})"
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
    if type(raw) is str and _DATE.fullmatch(raw):
        return _existing_day(raw)
    text = raw.strip() if isinstance(raw, str) else raw.isoformat() if type(raw) is date else ""
    if midnight := _DAY_AS_MIDNIGHT.fullmatch(text):
        text = midnight[1]
    if not _DATE.fullmatch(text):
        raise refusal("type", "must be a date like 2026-01-31")
    return _existing_day(text)


def _existing_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise refusal("type", "must be a day that exists") from None
    return text


def _read_datetime(raw: Any, info: ValidationInfo) -> str:
    """ISO text in UTC. Without an offset, the moment is in the zone that is the validation's context."""
    if type(raw) is str and _USUAL.fullmatch(raw):
        return _existing_moment(raw).astimezone(UTC).isoformat()
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
    return _existing_moment(text[:11] + text[11:].replace(" ", "").upper())


def _existing_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise refusal("type", "must be a moment that exists") from None
