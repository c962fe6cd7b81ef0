"""The main screen: the profiles of a workspace, searched, filtered, ordered, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from profiles.filters.parts import Part
from profiles.filters.profiles import LONGEST_QUERY, ProfileFilter
from profiles.models import Role, Tag
from profiles.queries.counts import CAP, capped_count
from profiles.queries.listing import Listing, listing
from profiles.queries.patience import TookTooLong, patience
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to

from .state import State, page_links, read_state, url_with
from .tables import ProfileTable

MOST_LOOSENED: Final = 8
# Seconds: for the page itself, and for counting what looser filters would find.
PATIENCE: Final = 10.0
LOOSENING: Final = 1.0


@dataclass(frozen=True, slots=True)
class Chip:
    """`joint` is the word between the chip before and this one, where that is not “and”."""

    label: str
    remove_url: str
    joint: str = ""


@dataclass(frozen=True, slots=True)
class Loosened:
    """A filter that could be taken away, and how many would then be found."""

    label: str
    url: str
    found: str


@require_safe
@role_required(Role.VIEWER)
def profile_list(request: WorkspaceRequest) -> HttpResponse:
    found = filter_of(request)
    state = read_state(request.GET, request.member, found.columns)
    page = _page(found, state)
    return render_screen(
        request,
        page="profiles/list.html",
        fragment="profiles/_results.html",
        context=_context(request, found, state, page),
    )


def _page(found: ProfileFilter, state: State) -> Listing:
    """What is found; nothing, and a problem of the filter, where finding it takes too long."""
    try:
        with patience(PATIENCE):
            return listing(
                found.matching(),
                order=state.order,
                place=state.place,
                size=state.size,
                columns=[*state.columns, found.columns["environment"]],
                is_narrow=found.is_narrow,
                is_exact=state.is_exact,
            )
    except TookTooLong:
        found.problems.append(f"Finding them took longer than {PATIENCE:.0f} seconds: narrow the filter.")
        return Listing([], None, None, None)


def filter_of(request: WorkspaceRequest) -> ProfileFilter:
    return ProfileFilter(request.GET, workspace=request.workspace, zone=request.user.zone)


def list_url(request: WorkspaceRequest, query: str = "") -> str:
    url = reverse("profiles:list", args=[request.workspace.slug])
    return f"{url}?{query}" if query else url


def back_to_list(request: WorkspaceRequest, query: str = "") -> HttpResponse:
    """Redirect to the listing; without the filter where that is too long for an address."""
    return send_to(request, list_url(request, query if len(query) <= 2 * LONGEST_QUERY - 1_000 else ""))


def _context(request: WorkspaceRequest, found: ProfileFilter, state: State, page: Listing) -> dict[str, Any]:
    chips = _chips(request, found.parts)
    colours = dict(Tag.objects.filter(workspace=request.workspace).values_list("name", "colour"))
    is_bare = not page.rows and not found.is_active
    return {
        "filter": found,
        "state": state,
        "page": page,
        "table": ProfileTable(
            page.rows,
            request=request,
            columns=state.columns,
            order=state.order,
            back=request.GET.urlencode(),
            tag_colours=colours,
        ),
        "pages": page_links(request.GET, state, page) | {"text": _count_line(page)},
        "exact_url": ""
        if page.total is None or not page.total.is_about
        else url_with(request.GET, count="exact"),
        "chips": chips,
        "active_filters": len(chips) - ("q" in found.data),
        "clear_url": list_url(request, kept_state(request.GET)),
        "loosened": [] if page.rows or found.problems or is_bare else _loosened(request, found.parts),
        "is_workspace_empty": is_bare,
        "may_edit": request.member.may_edit,
    } | _links(request)


def _chips(request: WorkspaceRequest, parts: Iterable[Part]) -> list[Chip]:
    """One for each part, and one for each of those of which one is enough."""
    return [
        Chip(piece.label, list_url(request, piece.without), "or" if place else "")
        for part in parts
        for place, piece in enumerate(part.either or [part])
    ]


def _links(request: WorkspaceRequest) -> dict[str, Any]:
    """What leads from here elsewhere and back, with everything that the URL says."""
    query = request.GET.copy()
    query.pop("page", None)
    slug = request.workspace.slug
    pairs = [(name, value) for name, values in query.lists() for value in values]
    return {
        "filters_url": f"{reverse('profiles:filters', args=[slug])}?{query.urlencode()}",
        "columns_url": f"{reverse('profiles:columns', args=[slug])}?{urlencode({'back': query.urlencode()})}",
        "hidden": [(name, value) for name, value in pairs if name not in ("q", "count")],
        "kept": [(name, value) for name, value in pairs if name in ("sort", "size")],
    }


def kept_state(data: QueryDict) -> str:
    """Order and rows a page, without the filter."""
    kept = QueryDict(mutable=True)
    for name in ("sort", "size"):
        if value := data.get(name):
            kept[name] = value
    return kept.urlencode()


def _count_line(page: Listing) -> str:
    if page.total is None:
        return f"More than {CAP:,} profiles; counting them took too long"
    return f"{str(page.total).capitalize()} {'profile' if page.total.number == 1 else 'profiles'}"


def _loosened(request: WorkspaceRequest, parts: list[Part]) -> list[Loosened]:
    """Each filter with the number that would match without it: the one that finds most is best loosened."""
    loosened = []
    deadline = monotonic() + LOOSENING
    for part in parts[:MOST_LOOSENED]:
        rest = ProfileFilter(QueryDict(part.without), workspace=request.workspace, zone=request.user.zone)
        try:
            with patience(max(0.001, deadline - monotonic())):
                count = capped_count(rest.matching())
        except TookTooLong:
            break
        shown = (
            f"More than {CAP:,} profiles"
            if count > CAP
            else f"{count:,} {'profile' if count == 1 else 'profiles'}"
        )
        loosened.append((count, Loosened(part.label, list_url(request, part.without), shown)))
    return [each for count, each in sorted(loosened, key=lambda pair: -pair[0]) if count]
