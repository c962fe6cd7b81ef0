"""Whole HTML pages through the real server, each with parameters that vary from request to request."""

import random
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from profiles.demo import world
from profiles.models import Profile, Workspace
from profiles.queries.columns import columns_of
from profiles.queries.keyset import Place, read_order, write_place

from .server import Visitor, fields_of, visitor_of
from .table import Line, median, percentile

_WARM_UP = 10
_P50, _P95 = 40, 80


def measure(workspace: Workspace, *, requests: int) -> list[Line]:
    people = _sample(workspace, requests + _WARM_UP)
    lines = []
    with visitor_of(workspace) as visitor:
        for what, query in _QUERIES.items():
            print(f"Listing, {what}.")
            paths = [f"/w/{workspace.slug}/profiles/?{query(person)}" for person in people]
            lines.append(_line(f"listing, {what}", [_get(visitor, path) for path in paths][_WARM_UP:]))
        pages = [f"/w/{workspace.slug}/profiles/{person.pk}/" for person in people]
        print("Detail page and edit.")
        lines.append(_line("detail page", [_get(visitor, path) for path in pages][_WARM_UP:], p95=0))
        lines.append(_line("edit (POST)", [_edit(visitor, path) for path in pages][_WARM_UP:], p50=0, p95=0))
    return lines


def _sample(workspace: Workspace, number: int) -> list[Profile]:
    """Profiles from all over the workspace, in no order; the same ones each time. Ids are spread evenly."""
    by_id = workspace.profiles.select_related("workspace").order_by("pk")
    choose = random.Random(1)
    found = [by_id.filter(pk__gte=UUID(int=choose.getrandbits(128))).first() for _ in range(number)]
    return [person or by_id.get(pk=by_id.values("pk")[:1]) for person in found]


def _first(person: Profile) -> str:
    return ""


def _deep(person: Profile) -> str:
    order = read_order("-created_at", columns_of(person.workspace))
    assert order
    return urlencode(
        {"page": write_place(Place(key=person.created_at, id=person.pk, is_above_cap=True), order)}
    )


def _search(person: Profile) -> str:
    email = person.email or person.distinct_id
    start = person.pk.int % 4
    return urlencode({"q": email[start : start + 6 + person.pk.int % 7]})


def _country(person: Profile) -> str:
    return urlencode({"country": person.country or "DE"})


def _combined(person: Profile) -> str:
    return urlencode(
        {
            "r1f": "custom.plan",
            "r1o": "is",
            "r1v": "enterprise",
            "tags": random.Random(person.pk.int).choice(list(world.TAGS)),
            "country": person.country or "DE",
        }
    )


def _by_number(person: Profile) -> str:
    name = "custom.seats" if person.pk.int % 2 else "-custom.seats"
    order = read_order(name, columns_of(person.workspace))
    seats = person.custom.get("seats")
    if seats is None or not order or person.pk.int % 3 == 0:
        return urlencode({"sort": name})
    return urlencode(
        {"sort": name, "page": write_place(Place(key=str(seats), id=person.pk, is_above_cap=True), order)}
    )


_QUERIES: dict[str, Callable[[Profile], str]] = {
    "first page": _first,
    "deep page": _deep,
    "search by part of an e-mail": _search,
    "country": _country,
    "plan = enterprise, tag and country": _combined,
    "sort by a custom number": _by_number,
}


def _get(visitor: Visitor, path: str) -> float:
    answer = visitor.get(path)
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}.")
    return answer.milliseconds


def _edit(visitor: Visitor, path: str) -> float:
    """Open the page, change the city as its form would, and send it; only the sending is timed."""
    action = f"{path}update/"
    fields = fields_of(visitor.get(path).text, action)
    changed = [(name, f"{value}x"[-40:] if name == "city" else value) for name, value in fields]
    answer = visitor.post(action, changed)
    if answer.status != 302:
        raise SystemExit(f"{action} answers {answer.status}.")
    return answer.milliseconds


def _line(what: str, times: list[float], *, p50: int = _P50, p95: int = _P95) -> Line:
    middle, slow = median(times), percentile(times, 0.95)
    target = ", ".join(f"{name} {limit} ms" for name, limit in (("p50", p50), ("p95", p95)) if limit)
    is_met = (not p50 or middle < p50) and (not p95 or slow < p95)
    return Line(what, f"p50 {middle:.1f} ms, p95 {slow:.1f} ms", target, is_met, f"{len(times)} requests")
