"""Step 3: what the import would do, to all of the file."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from profiles.errors import Refused
from profiles.models import ImportDraft, JobState, Role
from profiles.operations.draft_runs import is_outdated, preview_draft
from profiles.operations.jobs.seeing import see_jobs
from profiles.operations.uploads import in_bytes
from profiles.queries.jobs import is_worker_there
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to
from profiles.screens.jobs.progress import progress_of
from profiles.screens.jobs.words import state_of
from profiles.screens.profiles.page import may_define_properties

from .draft import draft_url, fetch_draft, next_url, steps_of
from .findings import findings_of
from .page import show_anew


@require_safe
@role_required(Role.EDITOR)
def import_preview(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    draft = fetch_draft(request, pk)
    if draft.job_id:
        return send_to(request, next_url(draft))
    if draft.preview is None:
        return redirect(draft_url(draft))
    return show_preview(request, draft)


@require_POST
@role_required(Role.EDITOR)
def import_again(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Another try, where a preview failed or was cancelled."""
    draft = fetch_draft(request, pk)
    try:
        preview_draft(draft, actor=request.user, may_create=may_define_properties(request))
    except Refused as refusal:
        return show_anew(request, draft, str(refusal))
    return redirect(draft_url(draft, "preview"))


def show_preview(
    request: WorkspaceRequest, draft: ImportDraft, *, problem: str = "", status: int = 200
) -> HttpResponse:
    job = draft.preview
    assert job
    see_jobs([job], operator=request.user)
    state, look = state_of(job)
    return render_screen(
        request,
        page="imports/preview.html",
        fragment="imports/_preview.html",
        context={
            "draft": draft,
            "steps": steps_of("preview", draft),
            "size": in_bytes(draft.size),
            "job": job,
            "state": state,
            "look": look,
            "progress": progress_of(job),
            "is_ready": job.state in (JobState.DONE, JobState.PARTIAL),
            "findings": findings_of(job, request.workspace),
            "is_outdated": is_outdated(draft),
            "problem": problem,
            "is_without_worker": job.goes_on and not is_worker_there(),
        },
        status=status,
    )
