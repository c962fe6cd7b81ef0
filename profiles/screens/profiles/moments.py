"""Moments and days as stored values hold them, fitting their property or not."""

from datetime import UTC, date, datetime
from typing import Any


def moment_of(value: Any) -> datetime | None:
    """In UTC where no offset is stored; None for what is no moment."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(value: Any) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return day if isinstance(day, date) else None
