"""A rule as SQL: one condition per (column, operator, values).

Who has no value is never lost by a negation: "is not X" includes the profiles without one. Equality with a
custom value is `custom @> {"key": value}`, which the GIN index answers; an order compares `custom -> 'key'`
as jsonb, which the property's own index answers, between bounds that keep out values of another JSON type.
Nothing is cast, so no stored value can make a query fail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db.models import JSONField, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import (
    Contains,
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)

from profiles.models import Environment, PropertyType, Workspace, profile_id
from profiles.models.profile import SEARCH_COLUMNS, in_search_text
from profiles.queries.columns import Column
from profiles.queries.names import absorbed_ids

from .tags import as_registered
from .values import Span

SHORTEST_TRIGRAM: Final = 3
ORDERS: Final = {"gt": GreaterThan, "gte": GreaterThanOrEqual, "lt": LessThan, "lte": LessThanOrEqual}
# In jsonb, numbers stand between texts and booleans; a year never has five digits here (values.py).
BOUNDS: Final = {"number": (-1e300, False), "text": ("0", "9999~")}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a filter is asked: days begin and end in `zone`, "the last days" end at `now`."""

    workspace: Workspace
    zone: tzinfo
    now: datetime


def condition(column: Column, operator: str, values: list[Any], setting: Setting) -> Q:
    """The profiles of which the rule is true. `values` are as `values.read_for` gives them."""
    if operator in NEGATIONS:
        return _negation(column, condition(column, NEGATIONS[operator], values, setting))
    if operator == "not_empty":
        return ~_empty(column, values, setting)
    if column.path == "tags" and operator in ("has", "has_any"):
        return Q(tags__overlap=as_registered(setting.workspace, values))
    if column.is_list and operator in ("has", "has_any"):
        return _any(_has_element(column, value) for value in values)
    if operator in TIMES and (operator != "is" or isinstance(values[0], Span)):
        return _range(column, TIMES[operator](column, values, setting))
    if operator in ORDERS:
        return _range(column, [(operator, values[0])])
    return OTHERS[operator](column, values, setting)


NEGATIONS: Final = {
    "is_not": "is",
    "not_one_of": "one_of",
    "not_contains": "contains",
    "has_not": "has",
}


def _negation(column: Column, found: Q) -> Q:
    """A comparison with NULL is neither true nor false: who has no value is added in words."""
    return ~found | Q(IsNull(column.expression(), True)) if column.is_nullable else ~found


def _equal(column: Column, values: list[Any], setting: Setting) -> Q:
    if column.key:
        return _any(Q(**{f"{column.source}__contains": {column.key: _json(value)}}) for value in values)
    if column.source == "distinct_id":
        return Q(pk__in=[key for env in Environment.values for key in _named(setting.workspace, env, values)])
    if column.type == PropertyType.EMAIL:
        return _any(Q(Exact(Lower(column.source), Lower(Value(value)))) for value in values)
    return Q(**{f"{column.source}__in": values})


def _named(workspace: Workspace, environment: str, values: list[str]) -> list[UUID]:
    """The ids of the profiles with these distinct IDs, and of those that absorbed one of them."""
    ids = [profile_id(workspace, environment, value) for value in values]
    return [*ids, *absorbed_ids(workspace, environment, values).values()] if workspace.has_absorbed else ids


def _contains(column: Column, values: list[Any], setting: Setting) -> Q:
    return _like(Contains, column, values[0])


def _starts(column: Column, values: list[Any], setting: Setting) -> Q:
    return _like(StartsWith, column, values[0])


def _ends(column: Column, values: list[Any], setting: Setting) -> Q:
    return _like(EndsWith, column, values[0])


def _like(lookup: Callable[[Any, Any], Any], column: Column, text: str) -> Q:
    """Without regard to case. A column of the search text is looked for there too: that has an index."""
    found = Q(lookup(Lower(column.text()), Lower(Value(text))))
    if len(text) >= SHORTEST_TRIGRAM and column.source in (*SEARCH_COLUMNS, "display_name"):
        found &= in_search_text(text)
    return found


def _empty(column: Column, values: list[Any], setting: Setting) -> Q:
    if column.key and column.is_list:
        return Q(IsNull(column.expression(), True)) | Q(
            **{f"{column.source}__contains": {column.key: []}}
        ) & Q(Exact(column.expression(), Value([], output_field=JSONField())))
    if column.key or column.is_nullable:
        return Q(IsNull(column.expression(), True))
    return Q(**{column.source: [] if column.is_list else ""})


def _has_element(column: Column, value: Any) -> Q:
    wanted = {column.key: [value]} if column.key else [value]
    return Q(**{f"{column.source}__contains": wanted})


OTHERS: Final[dict[str, Callable[[Column, list[Any], Setting], Q]]] = {
    "is": _equal,
    "one_of": _equal,
    "contains": _contains,
    "starts": _starts,
    "ends": _ends,
    "empty": _empty,
}

Bounds: TypeAlias = list[tuple[str, Any]]


def _range(column: Column, bounds: Bounds) -> Q:
    found = Q()
    for order, value in _guarded(bounds) if column.key else bounds:
        found &= Q(ORDERS[order](column.expression(), _comparable(column, value)))
    return found


def _guarded(bounds: Bounds) -> Bounds:
    """The bounds, closed on either side, so that only values of their own JSON type lie between."""
    low, high = BOUNDS["number" if isinstance(bounds[0][1], int | float) else "text"]
    sides = {order[0] for order, _ in bounds}
    below: Bounds = [] if "g" in sides else [("gte", low)]
    above: Bounds = [] if "l" in sides else [("lt", high)]
    return [*bounds, *below, *above]


def _comparable(column: Column, value: Any) -> Any:
    return Value(_json(value), output_field=JSONField()) if column.key else Value(value)


def _json(value: Any) -> Any:
    """As it is stored: days and moments as ISO 8601, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _on(column: Column, values: list[Any], setting: Setting) -> Bounds:
    return _within(values[0], values[0])


def _before(column: Column, values: list[Any], setting: Setting) -> Bounds:
    return [("lt", values[0].start if isinstance(values[0], Span) else values[0])]


def _after(column: Column, values: list[Any], setting: Setting) -> Bounds:
    return [("gte", values[0].end)] if isinstance(values[0], Span) else [("gt", values[0])]


def _between(column: Column, values: list[Any], setting: Setting) -> Bounds:
    return _within(values[0], values[1])


def _within(first: Any, last: Any) -> Bounds:
    if isinstance(first, Span):
        return [("gte", first.start), ("lt", last.end)]
    return [("gte", first), ("lte", last)]


def _last_days(column: Column, values: list[Any], setting: Setting) -> Bounds:
    """For a date: today and the days before it. For a moment: so many times 24 hours until now."""
    if column.type == PropertyType.DATE:
        today = setting.now.astimezone(setting.zone).date()
        return [("gt", today - timedelta(values[0])), ("lte", today)]
    return [("gt", setting.now - timedelta(values[0])), ("lte", setting.now)]


TIMES: Final[dict[str, Callable[[Column, list[Any], Setting], Bounds]]] = {
    "is": _on,
    "before": _before,
    "after": _after,
    "between": _between,
    "last_days": _last_days,
}


def _any(conditions: Any) -> Q:
    found = Q()
    for each in conditions:
        found |= each
    return found
