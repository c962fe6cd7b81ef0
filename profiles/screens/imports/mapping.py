"""Step 2: what the columns mean. A change is kept at once, and shows the first rows as they will be read."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import Role
from profiles.operations.draft_runs import preview_draft
from profiles.operations.drafts import Changed, map_draft
from profiles.screens.common import WorkspaceRequest, role_required, send_to
from profiles.screens.profiles.page import may_define_properties

from .draft import draft_url, fetch_draft, next_url, version_sent
from .page import sent_mapping, show_anew, show_mapping, shown_notes


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def import_mapping(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    draft = fetch_draft(request, pk)
    if draft.job_id:
        return send_to(request, next_url(draft))
    if request.method != "POST":
        return show_mapping(request, draft)
    try:
        before = shown_notes(request, draft)
        map_draft(draft, sent_mapping(request, draft), version=version_sent(request))
        if request.POST.get("do") == "continue":
            preview_draft(draft, actor=request.user, may_create=may_define_properties(request))
            return redirect(draft_url(draft, "preview"))
    except Changed as change:
        return show_anew(request, draft, str(change))
    except Refused as refusal:
        return show_mapping(request, draft, problem=str(refusal), status=422)
    if request.htmx:
        return show_mapping(request, draft, before=before)
    return redirect(f"{draft_url(draft)}#sample")
