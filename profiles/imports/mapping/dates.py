"""Dates as people and systems write them, brought to ISO 8601. What could mean two days is not guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from profiles.schema import shown

from .unfit import Unfit

STYLES: Final = {
    "auto": "as they are, where that is clear",
    "iso": "2026-01-31",
    "day_first": "31/01/2026",
    "month_first": "01/31/2026",
    "seconds": "seconds since 1970",
    "milliseconds": "milliseconds since 1970",
}
"""The ways to write dates by name, each with an example; beside them, any pattern of `strptime`."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = (
    r"(?:[Tt\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<offset>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}.*)?", re.DOTALL)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})(?P<mark>[/.-]|)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _TIME
)
_DIGITS: Final = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[/.\-\s])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<year>\d{4}|\d{2})" + _TIME
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH: Final = r"(?P<name>[A-Za-z]{3,9})\.?"
_NAMED: Final = tuple(
    re.compile(rf"(?:[A-Za-z]{{3,9}},?\s+)?{order}[\s,-]+(?P<year>\d{{4}}|\d{{2}})" + _TIME)
    for order in (rf"{_DAY}[\s-]+{_MONTH}", rf"{_MONTH}[\s-]+{_DAY}")
)
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_CENTURY_TURNS: Final = 30
"""Two digits of a year from here on are of the 1900s, as in spreadsheets."""


def date_style_problem(style: str) -> str:
    """Why this says no way to write dates; empty where it does."""
    if not style or style in STYLES:
        return ""
    if "%" not in style:
        return f"“dates” is one of {', '.join(STYLES)}, or a pattern like %d.%m.%Y."
    try:
        datetime.strptime(datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(style), style)
    except (ValueError, re.error):
        return f"“{style[:80]}” is no pattern of dates; %d.%m.%Y %H:%M is one."
    return ""


def date_reader(style: str) -> Callable[[Any], str]:
    """What brings a cell to ISO. It raises Unfit."""
    if style in ("seconds", "milliseconds"):
        return _since_1970(style)
    if style not in STYLES:
        return _by_pattern(style)

    def read(raw: Any) -> str:
        text = raw.strip() if isinstance(raw, str) else ""
        if _ISO.fullmatch(text):
            return text
        if not text or style == "iso":
            raise Unfit(f"{shown(raw)} is not a date written like 2026-01-31.")
        return _read(text, style)

    return read


def _read(text: str, style: str) -> str:
    if found := _YEAR_FIRST.fullmatch(text):
        return _iso(text, found, int(found["month"]), int(found["day"]))
    if found := _DIGITS.fullmatch(text):
        return _iso(text, found, *_month_and_day(text, found, style))
    for form in _NAMED:
        if (found := form.fullmatch(text)) and (month := _month(found["name"])):
            return _iso(text, found, month, int(found["day"]))
    raise Unfit(f"{shown(text)} is not a date.")


def _month_and_day(text: str, found: re.Match[str], style: str) -> tuple[int, int]:
    first, second = int(found["one"]), int(found["two"])
    if style == "day_first":
        return second, first
    if style == "month_first":
        return first, second
    if first > 12 or first == second or found["mark"] == ".":  # With points, the day is first everywhere.
        return second, first
    if second > 12:
        return first, second
    raise Unfit(f"{shown(text)} could be two days: choose whether the day or the month is first.")


def _month(name: str) -> int:
    """The number of a month by its English name or the beginning of it, or 0."""
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())), 0)


def _iso(text: str, found: re.Match[str], month: int, day: int) -> str:
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    try:
        moment = datetime(year, month, day, *_time(found))
    except ValueError:
        raise Unfit(f"{shown(text)} is not a day or a time that exists.") from None
    return _written(moment, _offset(found["offset"] or ""))


def _time(found: re.Match[str]) -> tuple[int, int, int, int]:
    hour = int(found["hour"] or 0)
    if half := (found["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    microsecond = int(f"{found['fraction'] or 0:0<6}"[:6])
    return hour, int(found["minute"] or 0), int(found["second"] or 0), microsecond


def _offset(text: str) -> str:
    if text.upper() in ("Z", "UTC", "GMT"):
        return "Z"
    return text if ":" in text or not text else f"{text[:3]}:{text[3:]}"


def _written(moment: datetime, offset: str) -> str:
    """A date alone where no time is given, or midnight of nowhere in particular."""
    if not offset and (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat() + offset


def _since_1970(style: str) -> Callable[[Any], str]:
    per_second = 1_000 if style == "milliseconds" else 1

    def read(raw: Any) -> str:
        if isinstance(raw, str) and _ISO.fullmatch(raw.strip()):
            return raw.strip()
        try:
            if isinstance(raw, bool):
                raise ValueError
            return (_EPOCH + timedelta(seconds=float(raw) / per_second)).isoformat()
        except (TypeError, ValueError, OverflowError):
            raise Unfit(f"{shown(raw)} is not a number of {style} since 1970.") from None

    return read


def _by_pattern(pattern: str) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        text = raw.strip() if isinstance(raw, str) else str(raw)
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            if _ISO.fullmatch(text):  # Real dates of a workbook are in no pattern.
                return text
            raise Unfit(f"{shown(raw)} is not a date written like {pattern}.") from None
        return moment.isoformat() if moment.tzinfo else _written(moment, "")

    return read
