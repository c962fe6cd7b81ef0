"""Two profiles side by side: who stays, and which value of each property."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import Door, Profile, Role
from profiles.operations.joining import SEEN, Joined, are_united, join, most_of, state_of_profile
from profiles.operations.merging import merge_profiles
from profiles.operations.state import differs
from profiles.queries.profile import belongings_of
from profiles.schema import Schema, schema_of
from profiles.screens.common import WorkspaceRequest, role_required
from profiles.screens.common.markup import exact_time, visible
from profiles.screens.profiles.display import label_of, show
from profiles.screens.profiles.page import (
    back_query,
    fetch_profile,
    follows_merges,
    profile_url,
    way_back,
)

SURVIVOR, ABSORBED = "survivor", "absorbed"
_CHOICE: Final = "choice."


@dataclass(frozen=True, slots=True)
class Line:
    """One property: both values, and what becomes of it; `choice` is the checked side, empty for none."""

    path: str
    label: str
    survivor: SafeString
    absorbed: SafeString
    choice: str = ""
    note: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
@follows_merges
def merge_compare(request: WorkspaceRequest, pk: UUID, other: UUID) -> HttpResponse:
    """`pk` stays and takes in `other`; on POST for good, as long as both are as the operator saw them."""
    survivor, absorbed = fetch_profile(request, pk), fetch_profile(request, other)
    if survivor == absorbed:
        messages.info(request, "These are one profile, and it has everything already.")
        return redirect(profile_url(survivor) + back_query(request))
    if request.method != "POST":
        return _answer(request, survivor, absorbed)
    try:
        merge_profiles(
            request.workspace,
            absorbed=absorbed.pk,
            survivor=survivor.pk,
            door=Door.CONSOLE,
            actor=request.user,
            chosen=_chosen(request, survivor, absorbed),
            seen=_seen(request, survivor, absorbed),
        )
    except Refused as refusal:
        return _answer(request, survivor, absorbed, problem=str(refusal), status=409)
    history = profile_url(survivor, "profiles:history") + back_query(request)
    messages.success(
        request,
        format_html(
            'Merged: “<bdi>{}</bdi>” leads to this profile now. <a href="{}">It can be taken back</a>',
            visible(absorbed.distinct_id),
            history,
        ),
    )
    return redirect(profile_url(survivor) + back_query(request))


def _chosen(request: WorkspaceRequest, survivor: Profile, absorbed: Profile) -> dict[str, Any]:
    """The value of the side that was ticked, for what the page offered a choice of."""
    sides = {SURVIVOR: state_of_profile(survivor), ABSORBED: state_of_profile(absorbed)}
    schema = schema_of(request.workspace)
    return {
        path: sides[side].get(path)
        for path in _contested(schema, sides[SURVIVOR], sides[ABSORBED])
        if (side := request.POST.get(_CHOICE + path, "")) in sides
    }


def _seen(request: WorkspaceRequest, *profiles: Profile) -> dict[UUID, datetime]:
    """When the profiles were last changed, as the page said; what cannot be read was never so."""
    return {profile.pk: _moment(request.POST.get(f"seen.{profile.pk}", "")) for profile in profiles}


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min


def _contested(schema: Schema, survivor: Mapping[str, Any], absorbed: Mapping[str, Any]) -> Iterator[str]:
    """The paths of which the absorbed profile has another value, of which only one can stay."""
    for path, value in absorbed.items():
        if path != SEEN and not are_united(schema, path) and differs(value, survivor.get(path)):
            yield path


def _answer(
    request: WorkspaceRequest, survivor: Profile, absorbed: Profile, *, problem: str = "", status: int = 200
) -> HttpResponse:
    schema = schema_of(request.workspace)
    try:
        joined = join(schema, survivor, absorbed, {})
    except Refused as refusal:
        joined, problem = Joined(), problem or str(refusal)
    lines = list(_lines(request, schema, survivor, absorbed, joined))
    return render(
        request,
        "merging/compare.html",
        {
            "survivor": survivor,
            "absorbed": absorbed,
            "sides": [(SURVIVOR, survivor), (ABSORBED, absorbed)],
            "choices": [line for line in lines if line.choice],
            "united": [line for line in lines if line.note],
            "same": [line for line in lines if not line.choice and not line.note],
            "belongings": belongings_of(absorbed),
            "problem": problem or _problem(survivor, absorbed),
            "may_merge": not _problem(survivor, absorbed),
            "back": way_back(request),
            "back_query": back_query(request),
            "profile_url": profile_url(survivor) + back_query(request),
            "switch_url": _url(request, absorbed, survivor),
            "find_url": reverse("merging:find", args=[request.workspace.slug, survivor.pk])
            + back_query(request),
        },
        status=status,
    )


def _problem(survivor: Profile, absorbed: Profile) -> str:
    if survivor.environment != absorbed.environment:
        return "A live profile cannot be merged with a test profile."
    return ""


def _url(request: WorkspaceRequest, survivor: Profile, absorbed: Profile) -> str:
    url = reverse("merging:compare", args=[request.workspace.slug, survivor.pk, absorbed.pk])
    return url + back_query(request)


def _lines(
    request: WorkspaceRequest, schema: Schema, survivor: Profile, absorbed: Profile, joined: Joined
) -> Iterator[Line]:
    stays, goes = state_of_profile(survivor), state_of_profile(absorbed)
    contested = set(_contested(schema, stays, goes))
    for path in in_order(schema, {*stays, *goes}):
        values = shown_value(schema, path, stays.get(path)), shown_value(schema, path, goes.get(path))
        if path in contested:
            default = SURVIVOR if path in stays else ABSORBED
            ticked = request.POST.get(_CHOICE + path, "")
            choice = ticked if ticked in (SURVIVOR, ABSORBED) else default
            yield Line(path, label_of(schema, path), *values, choice)
        elif path in goes and differs(goes[path], stays.get(path)):
            yield Line(path, label_of(schema, path), *values, note=_note(schema, path, joined))
        else:
            yield Line(path, label_of(schema, path), *values)


def in_order(schema: Schema, paths: Collection[str]) -> list[str]:
    known = [path for path in ("status", *schema.fields, "tags", SEEN) if path in paths]
    return [*known, *sorted({*paths} - {*known})]


def shown_value(schema: Schema, path: str, value: Any) -> SafeString:
    if path == SEEN and value:
        return exact_time(datetime.fromisoformat(value), is_long=True)
    if path == "status":
        return show(None, str(value).capitalize())
    return show(schema.field(path), value)


def _note(schema: Schema, path: str, joined: Joined) -> str:
    if path == SEEN:
        return "The later one stays"
    if number := joined.lost.get(path):
        return f"Both stay, but {number} for which there is no room among {most_of(schema, path):,}"
    return "Both stay"
