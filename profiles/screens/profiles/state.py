"""What a listing's URL says besides the filter, and the columns an operator keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from profiles.models import Member
from profiles.queries.columns import Column
from profiles.queries.keyset import (
    DEFAULT_ORDER,
    LAST,
    START,
    Order,
    Place,
    read_order,
    read_place,
    write_place,
)
from profiles.queries.listing import Listing

SIZES: Final = (25, 50, 100)
DEFAULT_SIZE: Final = 50
DEFAULT_COLUMNS: Final = (
    "distinct_id",
    "name",
    "email",
    "status",
    "tags",
    "phone",
    "country",
    "timezone",
    "created_at",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class State:
    """`notes` say what of the URL was not understood; unlike a filter, that is safe to go on without."""

    order: Order
    place: Place
    size: int
    columns: list[Column]
    is_exact: bool
    notes: list[str]


def read_state(data: QueryDict, member: Member, columns: Mapping[str, Column]) -> State:
    notes: list[str] = []
    name = data.get("sort") or DEFAULT_ORDER
    order = read_order(name, columns)
    if order is None:
        notes.append(f"There is no column “{name[:60]}” to sort by: the newest come first.")
        order = Order(columns["created_at"], is_descending=True)
    text = data.get("page", "")
    place = read_place(text, order) if text else START
    if place is None:
        notes.append("That page no longer exists: this is the first.")
    size = _size(data.get("size", ""), member)
    if data.get("size") and str(size) != data["size"]:
        notes.append(f"A page has {', '.join(map(str, SIZES))} rows: this one has {size}.")
    shown = chosen_columns(member, columns)
    return State(order, place or START, size, shown, data.get("count") == "exact", notes)


def chosen_columns(member: Member, columns: Mapping[str, Column]) -> list[Column]:
    """Those that the operator keeps, and that still exist; the distinct ID comes first, always."""
    kept = member.preferences.get("columns")
    paths = kept if isinstance(kept, list) else DEFAULT_COLUMNS
    return [columns[path] for path in dict.fromkeys(["distinct_id", *paths]) if path in columns]


def page_links(data: QueryDict, state: State, page: Listing) -> dict[str, Any]:
    """What the frame's page links need; an empty address is a link that is off. No page counts again."""
    data = data.copy()
    data.pop("count", None)
    first = url_with(data, without=("page",)) if page.previous else ""
    last = url_with(data, page=LAST) if page.next else ""
    return {
        "first_url": first,
        "previous_url": url_with(data, page=write_place(page.previous, state.order)) if page.previous else "",
        "next_url": url_with(data, page=write_place(page.next, state.order)) if page.next else "",
        "last_url": last,
        "sizes": [{"size": size, "is_current": size == state.size} for size in SIZES],
        "query": data.urlencode(),
    }


def url_with(data: QueryDict, *, without: Iterable[str] = (), **values: str) -> str:
    """The same listing with some parameters changed."""
    changed = data.copy()
    for name in without:
        changed.pop(name, None)
    for name, value in values.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def _size(given: str, member: Member) -> int:
    kept = member.preferences.get("page_size")
    default = kept if kept in SIZES else DEFAULT_SIZE
    return int(given) if given in map(str, SIZES) else default
