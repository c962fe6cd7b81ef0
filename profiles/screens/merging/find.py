"""With whom to merge a profile: the likely ones, or those that a search finds."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from profiles.models import Role
from profiles.queries.merges import candidates, likely_duplicates
from profiles.screens.common import WorkspaceRequest, render_screen, role_required
from profiles.screens.profiles.page import back_query, fetch_profile, follows_merges, profile_url, way_back

ROWS: Final = 20
LONGEST_SEARCH: Final = 1_024


@require_safe
@role_required(Role.EDITOR)
@follows_merges
def merge_find(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    profile = fetch_profile(request, pk)
    sought = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    likely = [] if sought else likely_duplicates(profile)
    found = []
    if sought and "\0" not in sought:
        found = list(candidates(profile).matching(sought).order_by("-created_at", "-pk")[: ROWS + 1])
    return render_screen(
        request,
        page="merging/find.html",
        fragment="merging/_candidates.html",
        context={
            "profile": profile,
            "profile_url": profile_url(profile) + back_query(request),
            "back": way_back(request),
            "back_query": back_query(request),
            "q": sought,
            "likely": likely,
            "found": found[:ROWS],
            "has_more": len(found) > ROWS,
            "rows": ROWS,
        },
    )
