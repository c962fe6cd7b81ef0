"""What every page about one profile shows: the head with its facts, and the tabs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from profiles.models import Door, Identifier, Profile, Tag, UnknownKeys, colour_of_name
from profiles.queries.merges import heir_of
from profiles.screens.common import WorkspaceRequest

from .listing import list_url

P = ParamSpec("P")
SUGGESTED_TAGS: Final = 500
SHOWN_IDENTIFIERS: Final = 20


@dataclass(frozen=True)
class Tab:
    """A tab of the profile page; `route` names its URL, which takes workspace and profile."""

    label: str
    icon: str
    route: str


TABS: Final = [
    Tab("Overview", "id", "profiles:detail"),
    Tab("History", "history", "profiles:history"),
]


def fetch_profile(request: WorkspaceRequest, pk: UUID) -> Profile:
    """The profile of the request's workspace; Http404 where it is another's, erased, or never was."""
    try:
        return request.workspace.profiles.get(pk=pk)
    except Profile.DoesNotExist:
        raise Http404("There is no such profile.") from None


def follows_merges(
    view: Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase],
) -> Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]:
    """Where the address has a profile that was merged or renamed since, go to the same page of its heir.

    Stands below `role_required`.
    """

    @wraps(view)
    def following(request: WorkspaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            keys = {name: key for name, key in kwargs.items() if isinstance(key, UUID)}
            heirs = {name: heir for name, key in keys.items() if (heir := heir_of(request.workspace, key))}
            if not heirs:
                raise
            moved = {name: heir.pk for name, heir in heirs.items()}
            route = {"workspace": request.workspace.slug, **kwargs, **moved}
            page = request.resolver_match.view_name if request.resolver_match else "profiles:detail"
            return redirect(reverse(page, kwargs=route) + back_query(request))

    return following


def profile_url(profile: Profile, route: str = "profiles:detail") -> str:
    return reverse(route, args=[profile.workspace.slug, profile.pk])


def way_back(request: WorkspaceRequest) -> str:
    """The query string of the listing from which the operator came; never an address."""
    return QueryDict(request.POST.get("back", request.GET.get("back", ""))).urlencode()


def back_query(request: WorkspaceRequest) -> str:
    """What a link to another page of the same profile ends with, so that the way back is kept."""
    back = way_back(request)
    return f"?{urlencode({'back': back})}" if back else ""


def profile_context(request: WorkspaceRequest, profile: Profile, route: str) -> dict[str, Any]:
    """What the templates of the head and the tabs need; `route` names the tab that is open."""
    colours = dict(
        Tag.objects.filter(workspace=request.workspace).values_list("name", "colour")[:SUGGESTED_TAGS]
    )
    identifiers = list(profile.identifiers.order_by("created_at", "pk")[: SHOWN_IDENTIFIERS + 1])
    return {
        "profile": profile,
        "list_url": list_url(request, way_back(request)),
        "back_query": back_query(request),
        "picture": profile.avatar_url if profile.avatar_url.startswith("https://") else "",
        "may_edit": request.member.may_edit,
        "may_define": may_define_properties(request),
        "tabs": [
            (tab, profile_url(profile, tab.route) + back_query(request), tab.route == route) for tab in TABS
        ],
        "tags": [(tag, colours.get(tag) or colour_of_name(tag)) for tag in profile.tags],
        "suggested_tags": [name for name in colours if name not in profile.tags],
        "identifiers": identifiers[:SHOWN_IDENTIFIERS],
        "more_identifiers": _number_beyond(profile, identifiers),
        "sources": [door_label(source) for source in profile.sources],
    }


def _number_beyond(profile: Profile, identifiers: Sequence[Identifier]) -> int:
    """How many identifiers there are besides those that are shown."""
    has_more = len(identifiers) > SHOWN_IDENTIFIERS
    return profile.identifiers.count() - SHOWN_IDENTIFIERS if has_more else 0


def door_label(door: str) -> str:
    return str(Door(door).label) if door in Door.values else door


def may_define_properties(request: WorkspaceRequest) -> bool:
    """Admins may; editors where an application may as well, because unknown keys are registered anyway."""
    registers = request.workspace.unknown_keys == UnknownKeys.REGISTER
    return request.member.may_administer or (request.member.may_edit and registers)
