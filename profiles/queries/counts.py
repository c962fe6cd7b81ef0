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
    """`number` is exact, or the planner's estimate where `is_about`, or there are more: `is_least`."""

    number: int
    is_about: bool = False
    is_least: bool = False

    def __str__(self) -> str:
        if self.is_least:
            return f"more than {self.number:,}"
        return f"about {self.number:,}" if self.is_about else f"{self.number:,}"


def capped_count(found: QuerySet[Any]) -> int:
    """Exact up to CAP; CAP + 1 means more. Stops reading there, so it costs little however many there are."""
    return found.order_by()[: CAP + 1].count()


def total_above_cap(found: QuerySet[Any]) -> Total:
    """What the planner believes, to three digits; it looks at statistics only.

    Right after a large import they do not know the new rows: then it is CAP and more.
    """
    estimate = _rounded(_estimate(found))
    return Total(max(CAP, estimate), is_about=True, is_least=estimate <= CAP)


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
