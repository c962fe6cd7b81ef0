"""How many rows a filter finds: exactly while that is cheap, else about."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from .patience import TookTooLong, patience

CAP: Final = 10_000
PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Total:
    """`number` is exact, or the planner's estimate where `is_about`."""

    number: int
    is_about: bool = False

    def __str__(self) -> str:
        return f"about {self.number:,}" if self.is_about else f"{self.number:,}"


def capped_count(found: QuerySet[Any]) -> int:
    """Exact up to CAP; CAP + 1 means more. Stops reading there, so it costs little however many there are."""
    return found.order_by()[: CAP + 1].count()


def total_above_cap(found: QuerySet[Any]) -> Total:
    """What the planner believes, to three digits; it looks at statistics only."""
    return Total(max(CAP, _rounded(_estimate(found))), is_about=True)


def exact_total(found: QuerySet[Any]) -> Total | None:
    """Counted to the end; None where that takes longer than PATIENCE seconds."""
    try:
        with patience(PATIENCE):
            return Total(found.order_by().count())
    except TookTooLong:
        return None


def _estimate(found: QuerySet[Any]) -> int:
    try:
        plan = json.loads(found.order_by().values("pk").explain(format="json"))
    except EmptyResultSet:
        return 0
    return int(plan[0]["Plan"]["Plan Rows"])


def _rounded(number: int) -> int:
    step = 10 ** max(0, len(str(number)) - 3)
    return int(round(number / step) * step)
