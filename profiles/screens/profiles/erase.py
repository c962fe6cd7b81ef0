"""Deleting one profile: asked first, on a page or in a dialog."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from profiles.models import DeletionReceipt, Door, Profile, Role
from profiles.operations.erase import erase_profiles
from profiles.queries.profile import belongings_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required
from profiles.screens.common.markup import visible

from .listing import back_to_list, list_url
from .page import back_query, fetch_profile, profile_url, way_back

LONGEST_REASON = 500


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def profile_erase(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Ask, and on POST erase the profile with everything that is its own.

    `back` is the query string of the listing from which the operator came: they return to it.
    """
    profile = fetch_profile(request, pk)
    reason = request.POST.get("reason", "").strip()
    problem = _problem(reason)
    if request.method != "POST" or problem:
        return _ask(request, profile, reason, problem)
    back = way_back(request)
    receipt = erase_profiles(
        request.workspace,
        [profile.pk],
        source=Door.CONSOLE,
        actor=request.user,
        reason=reason,
        deny=request.POST.get("deny") == "on",
    )
    messages.success(request, _told(profile, receipt))
    return back_to_list(request, back)


def _told(profile: Profile, receipt: DeletionReceipt) -> str:
    name = visible(profile.label)
    if not receipt.count:
        return f"{name} had been deleted already."
    url = reverse("receipts:detail", args=[profile.workspace.slug, receipt.pk])
    return format_html('{} was deleted. <a href="{}">Receipt</a>', name, url)


def _problem(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        return f"The reason may have at most {LONGEST_REASON} characters; this has {len(reason):,}."
    return "The reason may not contain NUL characters." if "\0" in reason else ""


def _ask(request: WorkspaceRequest, profile: Profile, reason: str, problem: str) -> HttpResponse:
    return render_screen(
        request,
        page="profiles/erase.html",
        fragment="profiles/_erase.html",
        context={
            "profile": profile,
            "belongings": belongings_of(profile),
            "reason": reason,
            "problem": problem,
            "back": way_back(request),
            "back_url": profile_url(profile) + back_query(request),
            "list_url": list_url(request, way_back(request)),
        },
        status=422 if problem else 200,
    )
