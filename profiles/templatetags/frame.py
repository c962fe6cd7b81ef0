"""`{% load frame %}`: what the frame around every page asks for."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse

from profiles.models import Workspace
from profiles.queries.jobs import News, news_of
from profiles.screens.common.access import memberships

register = template.Library()

# Label, icon and the screen's word; a screen without a URL yet is left out.
SCREENS = [
    ("Profiles", "users", "profiles"),
    ("Cohorts", "users-group", "cohorts"),
    ("Accounts", "building", "accounts"),
    ("Campaigns", "speakerphone", "campaigns"),
    ("Configs", "adjustments", "configs"),
    ("Preferences", "bell", "preferences"),
    ("Imports", "file-import", "imports"),
    ("Jobs", "list-check", "jobs"),
    ("Properties", "list-details", "properties"),
    ("Members", "user-circle", "members"),
    ("Keys", "key", "keys"),
    ("Audit", "history", "audit"),
]
# They answer 403 to others, so others are not led there.
FOR_ADMINS = {"keys"}
# Screens that are no entry of the frame, and the one that leads to them.
PART_OF = {"exports": "profiles", "merging": "profiles", "receipts": "jobs"}


@dataclass(frozen=True)
class Entry:
    label: str
    icon: str
    url: str
    screen: str
    is_current: bool


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Entry]:
    """The screens of the request's workspace, in the order of the frame."""
    request = context["request"]
    current = request.resolver_match.namespace if request.resolver_match else ""
    return [
        Entry(label, symbol, url, screen, is_current=screen == PART_OF.get(current, current))
        for label, symbol, screen in SCREENS
        if (url := _screen_url(screen, request.workspace.slug))
        and (screen not in FOR_ADMINS or request.member.may_administer)
    ]


@register.simple_tag(takes_context=True)
def workspaces(context: Context) -> list[Workspace]:
    """Those the operator is a member of."""
    return [member.workspace for member in memberships(context["request"].user)]


@register.simple_tag(takes_context=True)
def job_news(context: Context) -> News:
    """The operator's jobs that are under way or ended unseen: one query, for whole pages only."""
    request = context["request"]
    return news_of(request.user, request.workspace)


@register.simple_tag
def workspace_url(workspace: Workspace) -> str:
    return _screen_url("profiles", workspace.slug)


@lru_cache(maxsize=1_000)
def _screen_url(screen: str, slug: str) -> str:
    try:
        return reverse(f"{screen}:list", args=[slug])
    except NoReverseMatch:
        return ""
