"""The filter panel and its rule builder. Every step is a GET that keeps everything typed so far."""

from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from profiles.filters.builder import STEP, numbers_in, rows_of, stepped
from profiles.filters.profiles import ProfileFilter
from profiles.filters.rules import PARAMETER
from profiles.models import Role
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .columns import grouped
from .listing import back_to_list, list_url

MOST_TAGS: Final = 300


@require_safe
@role_required(Role.VIEWER)
def profile_filters(request: WorkspaceRequest) -> HttpResponse:
    """Show the panel after the step that `do` names; `do=apply` goes to the listing."""
    if request.GET.get(STEP) == "apply":
        return back_to_list(request, _sound(request.GET))
    data = stepped(request.GET)
    return render_screen(
        request,
        page="profiles/filters.html",
        fragment="profiles/_filters.html",
        context=_context(request, data),
    )


def _sound(data: QueryDict) -> str:
    """What was filled in, without the step: the address of the listing."""
    left = QueryDict(mutable=True)
    for name, values in data.lists():
        lines = [line for value in values for line in value.splitlines()]
        if name != STEP and (given := [line for line in lines if line.strip()]):
            left.setlist(name, given)
    _drop_blank_rules(left)
    return left.urlencode()


def _drop_blank_rules(data: QueryDict) -> None:
    """A row in which nothing was chosen is only a row; without rules there is nothing to join."""
    for number in numbers_in(data):
        if not any(f"r{number}{letter}" in data for letter in "fv"):
            data.pop(f"r{number}g", None)
            data.pop(f"r{number}o", None)
    if not numbers_in(data):
        for name in [name for name in data if PARAMETER.fullmatch(name)]:
            data.pop(name)
    if "tags" not in data:
        data.pop("tags_match", None)


def _context(request: WorkspaceRequest, data: QueryDict) -> dict[str, Any]:
    known = data.copy()
    known.pop(STEP, None)
    found = ProfileFilter(known, workspace=request.workspace, zone=request.user.zone)
    tags = list(request.workspace.tag_registry.values_list("name", flat=True)[:MOST_TAGS])
    found.form.offer_tags(tags)
    found.form.offer_asked_countries_first()
    return {
        "form": found.form,
        "groups": rows_of(data, found.rules, found.columns, tags=tags),
        "offered": grouped(list(found.columns.values())),
        "match": data.get("match", "all"),
        "kept": [(name, data[name]) for name in ("q", "job", "outcome", "sort", "size") if data.get(name)],
        "problems": [] if STEP in data else found.problems,
        "back_url": list_url(request, _sound(data)),
        "clear_url": list_url(request),
    }
