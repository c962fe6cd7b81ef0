"""The values of a rule: texts of a URL read as what the property holds."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final, TypeVar

from profiles.models import PropertyType
from profiles.queries.columns import Column
from profiles.schema import numbers

LONGEST_TEXT: Final = 1024
MOST_DAYS: Final = 36_500
FIRST_YEAR, LAST_YEAR = 1000, 9000
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
Day = TypeVar("Day", date, datetime)


@dataclass(frozen=True, slots=True)
class Span:
    """A day, a minute or a second as the moments from `start` up to, not with, `end`."""

    start: Any
    end: Any


def read_text(raw: str) -> str:
    if "\0" in raw:
        raise ValueError("a text cannot hold the character NUL")
    if len(raw) > LONGEST_TEXT:
        raise ValueError(f"a text to compare with has at most {LONGEST_TEXT:,} characters")
    return raw


def read_number(raw: str) -> int | float:
    text = raw.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{_quoted(raw)} is not a number, like 12 or -0.5")
    return float(text) if "." in text else int(text)


def read_boolean(raw: str) -> bool:
    """The words that stand for yes and no wherever a value is given."""
    try:
        return numbers.read_boolean(raw)
    except ValueError:
        raise ValueError(f"{_quoted(raw)} is neither yes nor no") from None


def read_days(raw: str) -> int:
    text = raw.strip()
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= MOST_DAYS:
        raise ValueError(f"{_quoted(raw)} is not a number of days from 1 to {MOST_DAYS:,}")
    return int(text)


def read_date(raw: str) -> date:
    try:
        found = datetime.strptime(raw.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise ValueError(f"{_quoted(raw)} is not a date, like 2026-01-31") from None
    return _checked_year(found)


def day_span(day: date, zone: tzinfo) -> Span:
    """The day as moments, in UTC; it has 23 or 25 hours where the clocks change."""
    start, end = (datetime.combine(d, time(), zone).astimezone(UTC) for d in (day, day + timedelta(1)))
    return Span(start, end)


def read_moment(raw: str, zone: tzinfo) -> Span:
    """A day, or a time of a day with the precision it was written in; without an offset in `zone`."""
    text = raw.strip()
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return day_span(read_date(text), zone)
    if not (found := re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", text)):
        raise ValueError(f"{_quoted(raw)} is not a date or a time, like 2026-01-31 or 2026-01-31T14:30")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{_quoted(raw)} is not a time that exists") from None
    _checked_year(moment)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return Span(moment, moment + (timedelta(seconds=1) if found[1] else timedelta(minutes=1)))


def read_for(column: Column, raw: str, zone: tzinfo) -> Any:
    """The value that the column's type means by `raw`. Raises ValueError with half a sentence."""
    if column.type in (PropertyType.NUMBER, PropertyType.INTEGER, PropertyType.NUMBER_LIST):
        return read_number(raw)
    if column.type == PropertyType.BOOLEAN:
        return read_boolean(raw)
    if column.type == PropertyType.DATE:
        return read_date(raw)
    if column.type == PropertyType.DATETIME:
        return read_moment(raw, zone)
    return _read_word(column, read_text(raw))


def _read_word(column: Column, text: str) -> str:
    if column.is_closed and text not in dict(column.choices):
        raise ValueError(f"{_quoted(text)} is none of {', '.join(dict(column.choices))}")
    if column.type == PropertyType.COUNTRY:
        return text.strip().upper()
    if column.type == PropertyType.PHONE:
        return re.sub(r"[\s().-]", "", text)
    return text


def _checked_year(day: Day) -> Day:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year {day.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _quoted(raw: str) -> str:
    return f"“{raw[:60]}…”" if len(raw) > 60 else f"“{raw}”"
