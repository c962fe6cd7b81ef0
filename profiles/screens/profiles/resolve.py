"""From any name of a person to their page."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from profiles.models import Environment, Role
from profiles.queries.names import find_by_any_name
from profiles.screens.common import WorkspaceRequest, role_required

from .page import profile_url


@require_safe
@role_required(Role.VIEWER)
def profile_by_id(request: WorkspaceRequest, distinct_id: str = "") -> HttpResponse:
    """Redirect to the profile with this distinct ID or other identifier; `?environment=` narrows it down.

    The name may come as `?distinct_id=` too, since a browser takes `.` and `..` out of a path.
    """
    name = distinct_id or request.GET.get("distinct_id", "")
    environment = request.GET.get("environment", "")
    if environment not in ("", *Environment.values):
        raise Http404("The environment is live or test.")
    profile = find_by_any_name(request.workspace, name, environment)
    if profile is None:
        raise Http404("No profile has this distinct ID or identifier.")
    return redirect(profile_url(profile))
