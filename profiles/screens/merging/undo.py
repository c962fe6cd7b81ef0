"""Taking a merge back: asked first, on a page or in a dialog, with what stands in the way."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import Door, Merge, Profile, Role
from profiles.operations.merging import changes_back, obstacles, unmerge
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to
from profiles.screens.common.markup import visible
from profiles.screens.profiles.display import label_of
from profiles.screens.profiles.page import back_query, profile_url, way_back

from .compare import in_order, shown_value


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def merge_undo(request: WorkspaceRequest, pk: int) -> HttpResponse:
    merge = _merge(request, pk)
    if request.method != "POST":
        return _ask(request, merge, obstacles(merge, merge.profile))
    try:
        absorbed = unmerge(merge, door=Door.CONSOLE, actor=request.user)
    except Refused as refusal:
        return _ask(request, merge, [str(refusal)], status=409)
    messages.success(request, _told(absorbed))
    return send_to(request, profile_url(merge.profile) + back_query(request))


def _merge(request: WorkspaceRequest, pk: int) -> Merge:
    """Http404 where it was taken back already, or the profile is erased or another workspace's."""
    merges = Merge.objects.filter(profile__workspace=request.workspace).exclude(snapshot={})
    merge = merges.select_related("profile__workspace").filter(pk=pk).first() if pk < 2**63 else None
    if merge is None:
        raise Http404("There is no such merge any more.")
    return merge


def _told(absorbed: Profile) -> str:
    return format_html(
        'Un-merged: <a href="{}"><bdi>{}</bdi></a> is a profile of its own again.',
        profile_url(absorbed),
        visible(absorbed.label),
    )


def _changes(merge: Merge) -> list[tuple[str, SafeString, SafeString]]:
    """What the survivor would lose or get back: label, value now, value then."""
    schema, found = schema_of(merge.profile.workspace), changes_back(merge, merge.profile)
    return [
        (label_of(schema, path), shown_value(schema, path, now), shown_value(schema, path, then))
        for path, (now, then) in ((path, found[path]) for path in in_order(schema, found))
    ]


def _ask(request: WorkspaceRequest, merge: Merge, reasons: list[str], *, status: int = 200) -> HttpResponse:
    return render_screen(
        request,
        page="merging/undo.html",
        fragment="merging/_undo.html",
        context={
            "merge": merge,
            "profile": merge.profile,
            "reasons": reasons,
            "changes": [] if reasons else _changes(merge),
            "back": way_back(request),
            "history_url": profile_url(merge.profile, "profiles:history") + back_query(request),
        },
        status=status,
    )
