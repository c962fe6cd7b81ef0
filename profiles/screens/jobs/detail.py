"""One job: how far it is, what became of what it dealt with, and why it stopped."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from profiles.models import Job, Role
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .progress import progress_of
from .words import counters_of, state_of, title_of


@require_safe
@role_required(Role.VIEWER)
def job_detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    job = fetch(request, pk)
    return render_screen(
        request, page="jobs/detail.html", fragment="jobs/_job.html", context=_context(request, job)
    )


def fetch(request: WorkspaceRequest, pk: int) -> Job:
    """The workspace's job with that id. Everybody in the workspace may look at it."""
    jobs = Job.objects.filter(workspace=request.workspace).select_related("operator", "undoes", "file")
    return get_object_or_404(jobs, pk=pk)


def may_act_on(request: WorkspaceRequest, job: Job) -> bool:
    """Editors stop and resume their own jobs, admins everybody's."""
    member = request.member
    return member.may_administer or (member.may_edit and job.operator_id == request.user.pk)


def _context(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    state, look = state_of(job)
    return {
        "job": job,
        "title": title_of(job),
        "state": state,
        "look": look,
        "progress": progress_of(job),
        "counters": counters_of(job),
        "may_act": may_act_on(request, job),
    }
