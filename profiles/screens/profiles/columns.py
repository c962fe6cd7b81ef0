"""The column chooser: which columns the listing has, in which order, kept per operator."""

from itertools import groupby

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from profiles.models import Role
from profiles.operations.columns import keep_columns, reset_columns
from profiles.queries.columns import Column, columns_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .listing import list_url
from .state import chosen_columns

GROUPS = {"channels": "Channels", "custom": "Custom properties"}


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.VIEWER)
def profile_columns(request: WorkspaceRequest) -> HttpResponse:
    """Show the chooser; each POST is one step (add, remove, up, down, reset) and is kept at once.

    `back` is the listing's query string. Everybody may choose: it concerns only their own screen.
    """
    back = request.POST.get("back", request.GET.get("back", ""))
    if request.method == "POST":
        _step(request)
        query = QueryDict(mutable=True)
        query.update({"back": back, "changed": "1"})
        return redirect(f"{reverse('profiles:columns', args=[request.workspace.slug])}?{query.urlencode()}")
    columns = columns_of(request.workspace)
    chosen = chosen_columns(request.member, columns)
    answer = render_screen(
        request,
        page="profiles/columns.html",
        fragment="profiles/_columns.html",
        context={
            "chosen": chosen,
            "offered": grouped([column for column in columns.values() if column not in chosen]),
            "back": back,
            "back_url": list_url(request, QueryDict(back).urlencode()),
        },
    )
    if "changed" in request.GET:
        answer["HX-Trigger"] = "columns-changed"
    return answer


def _step(request: WorkspaceRequest) -> None:
    verb, _, path = request.POST.get("do", "").partition(":")
    if verb == "reset":
        reset_columns(request.member)
        return
    columns = columns_of(request.workspace)
    paths = [column.path for column in chosen_columns(request.member, columns)]
    added = [path for path in request.POST.getlist("path") if path in columns] if verb == "add" else []
    keep_columns(request.member, _moved(paths, verb, path) + added)


def _moved(paths: list[str], verb: str, path: str) -> list[str]:
    """The distinct ID stays where it is: first."""
    if path not in paths[1:]:
        return paths
    place = paths.index(path)
    rest = [each for each in paths if each != path]
    if verb == "remove":
        return rest
    place = max(1, place - 1) if verb == "up" else place + 1 if verb == "down" else place
    return [*rest[:place], path, *rest[place:]]


def grouped(columns: list[Column]) -> list[tuple[str, list[Column]]]:
    """In groups, for a drop-down."""
    ranks = ["Profile", *GROUPS.values()]
    ordered = sorted(columns, key=lambda column: ranks.index(group_of(column)))
    return [(label, list(group)) for label, group in groupby(ordered, key=group_of)]


def group_of(column: Column) -> str:
    return GROUPS[column.source] if column.key else "Profile"
