"""Pages of profiles, by keyset."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final, Literal

from django.http import HttpResponse
from ninja import P, Query, QueryEx

from profiles.api.common import Reason
from profiles.filters.profiles import ProfileFilter
from profiles.models import Scope
from profiles.queries.counts import CAP, Total, capped_count, exact_total, total_above_cap
from profiles.queries.keyset import (
    DEFAULT_ORDER,
    START,
    Order,
    Place,
    read_order,
    read_place,
    with_key,
    write_place,
)
from profiles.queries.records import record_page

from .answers import answer, document
from .api import About, Sample, operation
from .filtering import FilterParameters, read_filter
from .parameters import FieldsText, read_fields
from .protocol import OwnRequest, Problem
from .reading import TAG
from .shapes import ProfilePage

_OURS: Final = ("limit", "cursor", "fields", "sort", "count")


@operation(
    "GET",
    "/profiles",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="List profiles",
        answers={200: ProfilePage},
        sample=Sample(
            "/profiles", query={"country": "DE", "tags": "vip", "fields": "email,custom.plan", "limit": "100"}
        ),
        is_open=True,
    ),
)
def list_profiles(
    request: OwnRequest,
    filters: Query[FilterParameters],
    limit: QueryEx[int, P(ge=1, le=1000, description="Profiles on a page.")] = 100,
    cursor: QueryEx[str, P(description="Where the page begins: `next` of the page before has it.")] = "",
    sort: QueryEx[
        str, P(description="A property to order by, with a minus for the largest first: `-updated_at`.")
    ] = DEFAULT_ORDER,
    fields: FieldsText = "",
    count: QueryEx[
        Literal["exact", "about"] | None,
        P(description="How many there are in all: exactly, which may take long, or about, from 10,000 on."),
    ] = None,
) -> HttpResponse:
    """The filters are those of the console's listing: what its address shows behind the `?` works here.

    Ask for `next` until it is null. Who is created or changed meanwhile moves nobody else: a page begins
    behind the last profile of the page before, wherever that is by then.
    """
    query = request.GET.copy()
    for name in _OURS:
        query.pop(name, None)
    found = read_filter(request.call, query)
    order = _order(sort, found)
    people = found.matching()
    place = _place(cursor, order)
    if place.is_long and (place := with_key(place, people, order)).is_start:
        raise _problem("cursor", "The profile where this page begins is gone: begin anew.")
    chosen = read_fields(request, fields)
    page = record_page(
        request.call.workspace, people, order=order, place=place, size=limit, is_narrow=found.is_narrow
    )
    body: dict[str, Any] = {"profiles": [document(each, chosen) for each in page.records], "next": None}
    headers: dict[str, str] = {}
    if page.next:
        body["next"] = next_page(request, cursor=write_place(page.next, order))
        headers["Link"] = f'<{body["next"]}>; rel="next"'
    if count:
        body["total"] = _total(found, is_exact=count == "exact")
    return answer(body, headers=headers)


def next_page(request: OwnRequest, **parameters: str) -> str:
    """The address of this page with other parameters."""
    query = request.GET.copy()
    for name, value in parameters.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _order(name: str, found: ProfileFilter) -> Order:
    order = read_order(name, found.columns)
    if order is None:
        close = get_close_matches(name.removeprefix("-"), found.columns, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        raise _problem("sort", f"There is nothing called “{name[:120]}” to order by.{hint}")
    return order


def _place(cursor: str, order: Order) -> Place:
    if not cursor:
        return START
    place = read_place(cursor, order)
    if place is None or place.is_backward:
        raise _problem("cursor", "This cursor was not given out for this order.")
    return place


def _total(found: ProfileFilter, *, is_exact: bool) -> Mapping[str, Any] | None:
    """None where to count took too long."""
    people = found.matching()
    number = capped_count(people)
    total: Total | None = Total(number)
    if number > CAP:
        total = exact_total(people) if is_exact else total_above_cap(people)
    return {"number": total.number, "is_about": total.is_about} if total else None


def _problem(parameter: str, sentence: str) -> Problem:
    return Problem(Reason.REFUSED, sentence, errors=[{"parameter": parameter, "detail": sentence}])
