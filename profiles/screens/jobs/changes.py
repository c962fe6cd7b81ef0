"""Pausing, resuming and cancelling a job."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from profiles.errors import Refused
from profiles.models import Job, JobState, Role
from profiles.operations.jobs import cancel_job, pause_job, resume_job
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .detail import fetch, may_act_on
from .progress import progress_of
from .words import title_of, unit_of


@require_POST
@role_required(Role.EDITOR)
def job_pause(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _do(request, fetch_to_change(request, pk), pause_job)


@require_POST
@role_required(Role.EDITOR)
def job_resume(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _do(request, fetch_to_change(request, pk), resume_job)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def job_cancel(request: WorkspaceRequest, pk: int) -> HttpResponse:
    job = fetch_to_change(request, pk)
    if request.method == "POST":
        return _do(request, job, cancel_job)
    return render_screen(
        request,
        page="jobs/cancel.html",
        fragment="jobs/_cancel.html",
        context={
            "job": job,
            "title": title_of(job),
            "unit": unit_of(job),
            "progress": progress_of(job),
            "job_url": job_url(request, job),
            "is_at_work": job.state == JobState.RUNNING,
        },
    )


def fetch_to_change(request: WorkspaceRequest, pk: int) -> Job:
    """The job, for who may act on it. Raises PermissionDenied for others."""
    job = fetch(request, pk)
    if not may_act_on(request, job):
        raise PermissionDenied("Only its operator and admins may do this to a job.")
    return job


def job_url(request: WorkspaceRequest, job: Job) -> str:
    return reverse("jobs:detail", args=[request.workspace.slug, job.pk])


def _do(request: WorkspaceRequest, job: Job, deed: Callable[[Job], None]) -> HttpResponse:
    """Not `send_to`: htmx follows the redirect, and swaps the job as it is then."""
    try:
        deed(job)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(job_url(request, job))
