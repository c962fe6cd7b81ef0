"""profiles.json, page by page, and how many there are (contracts 4b)."""

from typing import Any, Final

import orjson
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse, QueryDict

from profiles.api.common import ApiError, Call, Reason
from profiles.queries.counts import exact_total
from profiles.queries.keyset import DEFAULT_ORDER, START, read_order, read_place, write_place
from profiles.queries.names import find_by_ids
from profiles.queries.records import record_page

from .protocol import answer, bad_request, object_in
from .query import filter_of, sound_filter
from .reading import records_of

DEFAULT_SIZE: Final = 10
LARGEST_SIZE: Final = 5_000


def begin(call: Call) -> HttpResponse:
    """POST with a query: the cursor that its pages begin with."""
    return _begin(call, object_in(call))


def read(call: Call) -> HttpResponse:
    """GET with `cursor`: a page, and the cursor of the next one unless it was the last.

    The Node client sends the query with GET, too, as a parameter.
    """
    asked = call.request.GET
    if "cursor" in asked:
        return _page(call, asked["cursor"])
    try:
        query = orjson.loads(asked.get("query", ""))
    except orjson.JSONDecodeError:
        raise bad_request("Give a cursor, or a query as JSON.") from None
    return _begin(call, query)


def count(call: Call) -> HttpResponse:
    """POST counts/profiles.json: counted to the last one, before we answer."""
    found = sound_filter(call, filter_of(call, object_in(call)))
    total = exact_total(found.matching())
    if total is None:
        raise ApiError(Reason.UNAVAILABLE, "Counting these takes too long; ask for fewer.")
    return answer(count=total.number)


def _begin(call: Call, query: Any) -> HttpResponse:
    given = call.request.GET.get("batch_size", str(DEFAULT_SIZE))
    if not (given.isascii() and given.isdigit() and len(given) < 6 and 1 <= int(given) <= LARGEST_SIZE):
        raise bad_request(f"batch_size is a number from 1 to {LARGEST_SIZE:,}.")
    data = filter_of(call, query)
    sound_filter(call, data)
    return answer(cursor=_cursor(call, data, int(given), ""))


def _page(call: Call, cursor: str) -> HttpResponse:
    data, size, written = _read_cursor(call, cursor)
    found = sound_filter(call, data)
    order = read_order(DEFAULT_ORDER, found.columns)
    place = read_place(written, order) if order and written else START
    if order is None or place is None:
        raise _bad_cursor()
    page = record_page(
        call.workspace,
        found.matching(),
        order=order,
        place=place,
        size=size,
        is_narrow=bool(found.rules.rules),
    )
    ids = [record.id for record in page.records]
    people = find_by_ids(call.workspace, call.environment, ids)
    said: dict[str, Any] = {"records": records_of(call, [people[key] for key in ids if key in people])}
    if page.next:
        said["next_cursor"] = _cursor(call, data, size, write_place(page.next, order))
    return answer(**said)


def _cursor(call: Call, data: QueryDict, size: int, place: str) -> str:
    """Everything that the next page needs, so that nothing is kept here; only our own are read."""
    return _signer().sign_object([call.workspace.slug, data.urlencode(), size, place], compress=True)


def _read_cursor(call: Call, text: str) -> tuple[QueryDict, int, str]:
    try:
        workspace, query, size, place = _signer().unsign_object(text)
    except (BadSignature, ValueError):
        raise _bad_cursor() from None
    data = QueryDict(query)
    if workspace != call.workspace.slug or data.get("environment") != call.environment:
        raise _bad_cursor()
    return data, size, place


def _signer() -> Signer:
    return Signer(salt="profiles.clevertap.cursor")


def _bad_cursor() -> ApiError:
    return bad_request("This cursor was not given out here; begin again with a query.")
