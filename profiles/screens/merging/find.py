"""With whom to merge a profile: the likely ones, or those that a search finds."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from profiles.models import Profile, Role
from profiles.queries.merges import PATIENCE, likely_duplicates, search_others
from profiles.queries.patience import TookTooLong
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
    found, has_more, problem = _search(profile, sought)
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
            "found": found,
            "has_more": has_more,
            "problem": problem,
            "rows": ROWS,
        },
    )


def _search(profile: Profile, sought: str) -> tuple[list[Profile], bool, str]:
    """Whom it finds, whether there are more, and why it found nobody."""
    if not sought or "\0" in sought:
        return [], False, ""
    try:
        return *search_others(profile, sought, size=ROWS), ""
    except TookTooLong:
        return (
            [],
            False,
            f"Finding them took longer than {PATIENCE:.0f} seconds: search for more.",
        )
