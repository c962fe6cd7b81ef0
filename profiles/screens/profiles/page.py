"""What every page about one profile shows: the head with its facts, and the tabs."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse

from profiles.models import Door, Profile, Tag, UnknownKeys, colour_of_name
from profiles.screens.common import WorkspaceRequest

from .listing import list_url

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
        "identifiers": list(profile.identifiers.order_by("created_at", "pk")[:SHOWN_IDENTIFIERS]),
        "sources": [door_label(source) for source in profile.sources],
    }


def door_label(door: str) -> str:
    return str(Door(door).label) if door in Door.values else door


def may_define_properties(request: WorkspaceRequest) -> bool:
    """Admins may; editors where an application may as well, because unknown keys are registered anyway."""
    registers = request.workspace.unknown_keys == UnknownKeys.REGISTER
    return request.member.may_administer or (request.member.may_edit and registers)
