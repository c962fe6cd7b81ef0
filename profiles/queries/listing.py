"""One page of the listing: which rows, their values, how many there are, and the places before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Case, Value, When

from profiles.models import Profile
from profiles.models.profile import ProfileQuerySet

from .columns import Column
from .counts import CAP, Total, capped_count, exact_total, total_above_cap
from .keyset import START, Order, Place, is_upward, walk, with_key

# The filter is answered once, by its own indexes, and both the page and the count are taken from what it
# found. Left to itself the planner walks the newest profiles until it has met enough that match, which for a
# rare combination means all of them. Relies on profile_facets, profile_search or a property's own index.
_AMONG_HITS: Final = """
    WITH hits (id, key) AS MATERIALIZED ({found})
    SELECT (SELECT count(*) FROM hits),
        ARRAY(
            SELECT id FROM hits WHERE {beyond}
            ORDER BY key {direction} NULLS {nulls}, id {direction} LIMIT %s
        )
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A profile as the listing shows it: `values` by path, of the columns asked for."""

    id: UUID
    label: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """`previous` and `next` are None at the ends; `total` where an exact count took too long."""

    rows: list[Row]
    total: Total | None
    previous: Place | None
    next: Place | None


@dataclass(frozen=True, slots=True)
class _Found:
    ids: list[UUID]
    has_more: bool
    count: int


def listing(
    found: ProfileQuerySet,
    *,
    order: Order,
    place: Place,
    size: int,
    columns: Sequence[Column],
    is_narrow: bool = False,
    is_exact: bool = False,
) -> Listing:
    """The page of `found` at `place`. `is_narrow`: the filter may be rare, so let it be answered first."""
    place = with_key(place, found, order)
    page = _page(found, order, place, size, is_narrow)
    if not place.is_start and (not page.ids or (place.is_backward and place.id and not page.has_more)):
        place = START
        page = _page(found, order, place, size, is_narrow)
    rows, ends = _rows(page.ids, order, columns)
    is_above = page.count > CAP
    before, after = _neighbours(place, page, [replace(end, is_above_cap=is_above) for end in ends])
    return Listing(rows, _total(found, page.count, is_exact), before, after)


def _page(found: ProfileQuerySet, order: Order, place: Place, size: int, is_narrow: bool) -> _Found:
    if place.is_above_cap:
        count = CAP + 1
    elif is_narrow:
        count, ids = _among_hits(found, order, place, size + 1)
    else:
        count = capped_count(found)
    if is_narrow and count > CAP:
        ids = _walk_many(found, order, place, size + 1)
    elif not is_narrow:
        ids = walk(found, order, place, size + 1)
    has_more = len(ids) > size
    ids = ids[:size]
    return _Found(ids[::-1] if place.is_backward else ids, has_more, count)


def _walk_many(found: ProfileQuerySet, order: Order, place: Place, number: int) -> list[UUID]:
    """The walk, where many match: in the order of an index, if there is one, a page is soon full.

    The planner may take many for few, and sort them all. Without an index it sorts even so.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        return walk(found, order, place, number)


def _among_hits(found: ProfileQuerySet, order: Order, place: Place, number: int) -> tuple[int, list[UUID]]:
    try:
        inner, parameters = hits_of(found, order)
    except EmptyResultSet:
        return 0, []
    beyond, values = beyond_place(order, place)
    sql = _AMONG_HITS.format(
        found=inner,
        beyond=beyond,
        direction="ASC" if is_upward(place, order) else "DESC",
        nulls="FIRST" if place.is_backward else "LAST",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *values, number])
        count, ids = cursor.fetchone()
    return count, ids


def hits_of(found: ProfileQuerySet, order: Order) -> tuple[str, Sequence[Any]]:
    """SQL of the ids that were found, with their keys (NULL for none), in no order; CAP + 1 at most.

    Raises EmptyResultSet where nothing can be found.
    """
    key = (
        order.key if order.missing is None else Case(When(order.missing, then=Value(None)), default=order.key)
    )
    hits = found.order_by().annotate(sort_key=key).values_list("pk", "sort_key")[: CAP + 1]
    inner, parameters = hits.query.sql_with_params()
    return inner, parameters


def beyond_place(order: Order, place: Place) -> tuple[str, list[Any]]:
    """The condition on (key, id) of lying beyond the place, where rows without a key come last."""
    if place.id is None:
        return "true", []
    sign = ">" if is_upward(place, order) else "<"
    if place.key is None:
        joint = "key IS NOT NULL OR" if place.is_backward else "key IS NULL AND"
        return f"({joint} id {sign} %s)", [place.id]
    rest = "" if place.is_backward else " OR key IS NULL"
    return f"((key, id) {sign} (%s::{order.sql_type}, %s){rest})", [place.key, place.id]


def _rows(ids: list[UUID], order: Order, columns: Sequence[Column]) -> tuple[list[Row], list[Place]]:
    """The rows in the order of `ids`, with only what is shown, and the places of the first and the last."""
    sources = {f"value_{number}": column.expression() for number, column in enumerate(columns)}
    read = (
        Profile.objects.filter(pk__in=ids)
        .annotate(sort_key=order.key_as_read, **sources)
        .values_list("pk", "sort_key", "display_name", "email", "distinct_id", *sources)
    )
    by_id = {row[0]: row for row in read}
    kept = [by_id[pk] for pk in ids if pk in by_id]
    paths = [column.path for column in columns]
    rows = [
        Row(pk, name or email or distinct_id, dict(zip(paths, values, strict=True)))
        for pk, _, name, email, distinct_id, *values in kept
    ]
    return rows, [_place_of(row, order) for row in (*kept[:1], *kept[-1:])]


def _place_of(row: tuple[Any, ...], order: Order) -> Place:
    key = row[1]
    is_unset = key is None or (order.missing is not None and key in ("", []))
    return Place(key=None if is_unset else key, id=row[0])


def _neighbours(place: Place, page: _Found, ends: list[Place]) -> tuple[Place | None, Place | None]:
    if not ends:
        return None, None
    is_first = not page.has_more if place.is_backward else place.is_start
    is_last = place.id is None if place.is_backward else not page.has_more
    before = None if is_first else replace(ends[0], is_backward=True)
    return before, None if is_last else ends[1]


def _total(found: ProfileQuerySet, count: int, is_exact: bool) -> Total | None:
    if count <= CAP:
        return Total(count)
    return exact_total(found) if is_exact else total_above_cap(found)
