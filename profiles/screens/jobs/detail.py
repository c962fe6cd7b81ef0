"""One job: how far it is, what became of what it dealt with, and why it stopped."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from profiles.models import Job, JobState, Role
from profiles.operations.jobs.retrying import RETRIABLE
from profiles.operations.jobs.seeing import see_jobs
from profiles.queries.jobs import SILENT_FOR, is_worker_there, reasons_of, retries_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .kinds import FACTS
from .news import sentence_of
from .outcomes import outcomes_of
from .progress import progress_of
from .timeline import timeline_of
from .words import WAITING, state_of, title_of

# Refusals whose reasons are counted: each time the page looks again, and once it is at rest.
_FEW: Final = 10_000
_MANY: Final = 100_000
_HARDLY_WAITING: Final = timedelta(seconds=10)


@require_safe
@role_required(Role.VIEWER)
def job_detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    job = fetch(request, pk)
    if request.htmx and job.has_ended and not job.seen_at:
        messages.info(request, sentence_of(job)[1])  # For ears and other tabs: the page itself shows it too.
    see_jobs([job], operator=request.user)
    return render_screen(
        request, page="jobs/detail.html", fragment="jobs/_job.html", context=_context(request, job)
    )


def fetch(request: WorkspaceRequest, pk: int) -> Job:
    """The workspace's job with that id. Everybody in the workspace may look at it."""
    jobs = Job.objects.filter(workspace=request.workspace).select_related(
        "operator", "undoes", "file", "selection__operator", "selection__workspace"
    )
    return get_object_or_404(jobs, pk=pk)


def may_act_on(request: WorkspaceRequest, job: Job) -> bool:
    """Editors stop and resume their own jobs, admins everybody's."""
    member = request.member
    return member.may_administer or (member.may_edit and job.operator_id == request.user.pk)


def _context(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    is_without_worker = _waits(job) and not is_worker_there()
    state, look = WAITING if is_without_worker and not job.wish else state_of(job)
    facts = FACTS.get(job.kind)
    among = _MANY if job.has_ended else _FEW
    is_retriable = job.has_ended and job.kind in RETRIABLE
    return {
        "job": job,
        "title": title_of(job),
        "state": state,
        "look": look,
        "progress": progress_of(job),
        "outcomes": outcomes_of(job, request.workspace),
        "reasons": reasons_of(job, among=among) if job.refused else [],
        "reasons_among": among if job.refused > among else 0,
        "timeline": timeline_of(job),
        "may_act": may_act_on(request, job),
        "may_retry": is_retriable and may_act_on(request, job),
        "retries": [(each, *state_of(each)) for each in retries_of(job)]
        if is_retriable and job.refused
        else [],
        "is_without_worker": is_without_worker,
        "is_live": job.goes_on,
        "kind_page": f"jobs/kinds/{job.kind}.html",
        "kind_actions": f"jobs/kinds/{job.kind}_actions.html",
        **(facts(request, job) if facts else {}),
    }


def _waits(job: Job) -> bool:
    """Whether it is a worker's turn to do something about it, and none did for a while."""
    now = timezone.now()
    if job.state == JobState.QUEUED:
        return now - job.queued_at > _HARDLY_WAITING
    if not job.goes_on:
        return False
    return job.beat_at is None or now - job.beat_at > SILENT_FOR
