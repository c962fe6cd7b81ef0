"""Dates as people and systems write them."""

import pytest

from profiles.imports.mapping.dates import date_reader, date_style_problem
from profiles.imports.mapping.unfit import Unfit

READ = [
    ("auto", "2026-01-31", "2026-01-31"),
    ("auto", " 2026-01-31T09:30:00.5Z ", "2026-01-31T09:30:00.5Z"),
    ("auto", "2026/1/31", "2026-01-31"),
    ("auto", "2026.01.31", "2026-01-31"),
    ("auto", "20260131", "2026-01-31"),
    ("auto", "31/01/2026", "2026-01-31"),
    ("auto", "01/31/2026", "2026-01-31"),
    ("auto", "3.2.2026", "2026-02-03"),
    ("auto", "31. 1. 2026", "2026-01-31"),
    ("auto", "05/05/2026", "2026-05-05"),
    ("auto", "31 Jan 2026", "2026-01-31"),
    ("auto", "31-jan-26", "2026-01-31"),
    ("auto", "January 31st, 2026", "2026-01-31"),
    ("auto", "Sat, 31 Jan 2026 09:30:00 GMT", "2026-01-31T09:30:00Z"),
    ("auto", "31.01.2026 09:30", "2026-01-31T09:30:00"),
    ("auto", "31.01.2026, 12:05 AM", "2026-01-31T00:05:00"),
    ("auto", "31.01.2026 12:05 p.m.", "2026-01-31T12:05:00"),
    ("auto", "31.01.2026 00:00:00", "2026-01-31"),
    ("auto", "31.01.2026 00:00:00 +0530", "2026-01-31T00:00:00+05:30"),
    ("auto", "29.02.2024", "2024-02-29"),
    ("auto", "24.12.1799", "1799-12-24"),
    ("auto", "٣١/٠١/٢٠٢٦", "2026-01-31"),
    ("day_first", "03/02/2026", "2026-02-03"),
    ("day_first", "03-02-85", "1985-02-03"),
    ("day_first", "03/02/29", "2029-02-03"),
    ("day_first", "2026-01-31", "2026-01-31"),
    ("month_first", "03/02/2026", "2026-03-02"),
    ("month_first", "2/29/2024 9:30 PM", "2024-02-29T21:30:00"),
    ("seconds", "0", "1970-01-01T00:00:00+00:00"),
    ("seconds", 1_700_000_000, "2023-11-14T22:13:20+00:00"),
    ("seconds", "-86400", "1969-12-31T00:00:00+00:00"),
    ("seconds", "2026-01-31", "2026-01-31"),
    ("milliseconds", "1700000000123", "2023-11-14T22:13:20.123000+00:00"),
    ("%d|%m|%Y", "31|01|2026", "2026-01-31"),
    ("%d.%m.%Y %H Uhr", "31.01.2026 9 Uhr", "2026-01-31T09:00:00"),
    ("%d|%m|%Y", "2026-01-31", "2026-01-31"),
]
UNFIT = [
    ("auto", "03/02/2026", "could be two days: choose whether the day or the month is first"),
    ("auto", "29.02.2026", "“29.02.2026” is not a day or a time that exists."),
    ("auto", "29.02.1900", "not a day or a time that exists"),
    ("auto", "31.01.2026 25:00", "not a day or a time that exists"),
    ("auto", "31.01.2026 13:00 PM", "not a day or a time that exists"),
    ("auto", "soon", "“soon” is not a date."),
    ("auto", "12.2026", "is not a date"),
    ("auto", "1/2/3/4", "is not a date"),
    ("auto", 45_000, "45000 is not a date written like 2026-01-31."),
    ("day_first", "01/31/2026", "not a day or a time that exists"),
    ("iso", "31.01.2026", "is not a date written like 2026-01-31."),
    ("seconds", "soon", "“soon” is not a number of seconds since 1970."),
    ("seconds", True, "true is not a number of seconds"),
    ("seconds", "1e300", "is not a number of seconds"),
    ("seconds", "nan", "is not a number of seconds"),
    ("%d|%m|%Y", "30|02|2026", "is not a date written like %d|%m|%Y."),
    ("%d|%m|%Y", "9" * 5_000, "is not a date written like"),
]


@pytest.mark.parametrize(("style", "raw", "iso"), READ)
def test_it_is_brought_to_iso(style: str, raw: object, iso: str) -> None:
    assert date_reader(style)(raw) == iso


@pytest.mark.parametrize(("style", "raw", "reason"), UNFIT)
def test_what_cannot_be_read_so_says_why(style: str, raw: object, reason: str) -> None:
    with pytest.raises(Unfit) as unfit:
        date_reader(style)(raw)
    assert reason in str(unfit.value)


@pytest.mark.parametrize("style", ["", "auto", "milliseconds", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S%z"])
def test_ways_to_write_dates(style: str) -> None:
    assert date_style_problem(style) == ""


@pytest.mark.parametrize("style", ["dd.mm.yyyy", "%", "%d%", "%Q", "%d %d", "\0%d"])
def test_what_is_no_way_to_write_dates(style: str) -> None:
    assert date_style_problem(style).endswith(".")
