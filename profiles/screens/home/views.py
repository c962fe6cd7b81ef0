"""Where a signed-in operator starts."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from profiles.models import Workspace
from profiles.screens.common import WorkspaceRequest


@require_safe
def home(request: WorkspaceRequest) -> HttpResponse:
    """On to the operator's first workspace; without one, a page that says how to get one."""
    workspace = Workspace.objects.of(request.user).first()
    if workspace is None:
        return render(request, "home/no_workspace.html")
    return redirect("profiles:list", workspace=workspace.slug)
