"""Giving up an import that was not run: its file is deleted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from profiles.models import Role
from profiles.operations.drafts import discard_draft
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to

from .draft import fetch_draft


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def import_discard(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    draft = fetch_draft(request, pk)
    list_url = reverse("imports:list", args=[request.workspace.slug])
    if request.method == "POST" and not draft.job_id:
        discard_draft(draft)
        messages.success(request, f"The import of {draft.name} is discarded, and its file deleted.")
        return send_to(request, list_url)
    return render_screen(
        request,
        page="imports/discard.html",
        fragment="imports/_discard.html",
        context={"draft": draft, "list_url": list_url},
        status=409 if request.method == "POST" else 200,
    )
