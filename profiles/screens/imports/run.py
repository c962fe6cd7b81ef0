"""Step 4: the import itself, exactly as it was previewed."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from profiles.errors import Refused
from profiles.models import Role
from profiles.operations.draft_runs import run_draft
from profiles.operations.drafts import Changed
from profiles.screens.common import WorkspaceRequest, role_required, send_to
from profiles.screens.profiles.page import may_define_properties

from .draft import fetch_draft
from .page import show_anew
from .preview import show_preview


@require_POST
@role_required(Role.EDITOR)
def import_run(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    draft = fetch_draft(request, pk)
    try:
        job = run_draft(
            draft,
            preview=_number(request.POST.get("preview", "")),
            actor=request.user,
            may_create=may_define_properties(request),
        )
    except Changed as change:
        return show_anew(request, draft, str(change))
    except Refused as refusal:
        if draft.preview is None:
            return show_anew(request, draft, str(refusal))
        return show_preview(request, draft, problem=str(refusal), status=409)
    return send_to(request, reverse("jobs:detail", args=[request.workspace.slug, job.pk]))


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
