"""The imports of a workspace: those being prepared, and those that ran."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from profiles.models import ImportDraft, Job, JobKind, JobState, Role
from profiles.operations.uploads import KEPT_FOR
from profiles.screens.common import WorkspaceRequest, render_screen, role_required
from profiles.screens.jobs.listing import row_of

from .draft import next_url

_LATEST = 25
_MOST_DRAFTS = 100


@require_safe
@role_required(Role.VIEWER)
def import_list(request: WorkspaceRequest) -> HttpResponse:
    drafts = _drafts(request) if request.member.may_edit else []
    jobs = Job.objects.filter(workspace=request.workspace, kind=JobKind.IMPORT).order_by("-id")
    rows = [row_of(job) for job in jobs.defer("cursor")[:_LATEST]]
    return render_screen(
        request,
        page="imports/list.html",
        fragment="imports/_list.html",
        context={
            "drafts": [(draft, next_url(draft), _stand(draft)) for draft in drafts],
            "rows": rows,
            "days": KEPT_FOR.days,
            "is_waiting": any(job.goes_on for job in [*(row.job for row in rows), *_previews(drafts)]),
            "may_import": request.member.may_edit,
        },
    )


def _drafts(request: WorkspaceRequest) -> list[ImportDraft]:
    """One's own first, the newest first."""
    unfinished = ImportDraft.objects.unfinished().filter(workspace=request.workspace)
    found = unfinished.select_related("workspace", "operator", "file", "preview").order_by(
        "-created_at", "pk"
    )
    return sorted(found[:_MOST_DRAFTS], key=lambda draft: draft.operator_id != request.user.pk)


def _previews(drafts: Iterable[ImportDraft]) -> list[Job]:
    return [draft.preview for draft in drafts if draft.preview]


def _stand(draft: ImportDraft) -> tuple[str, str]:
    """How far it came in a word or two, and the look of that."""
    if draft.kept_until is None or draft.kept_until < timezone.now():
        return "File deleted", "bad"
    if not draft.preview:
        return ("Columns", "quiet") if draft.mapping else ("Not readable yet", "warn")
    if draft.preview.state in (JobState.DONE, JobState.PARTIAL):
        return "Previewed", "good"
    if draft.preview.goes_on:
        return "Preview goes on", "info"
    return f"Preview {draft.preview.get_state_display().lower()}", "warn"
