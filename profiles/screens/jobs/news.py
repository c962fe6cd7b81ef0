"""The header's badge of one's own jobs, and the notice when one of them ends."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from profiles.models import Job, JobKind, JobState, Role
from profiles.queries.jobs import news_of
from profiles.screens.common import WorkspaceRequest, role_required
from profiles.screens.imports.draft import preview_page

from .words import counters_of, title_of

_LEVELS = {
    JobState.DONE: messages.SUCCESS,
    JobState.FAILED: messages.ERROR,
    JobState.INTERRUPTED: messages.ERROR,
    JobState.PARTIAL: messages.WARNING,
}


@require_safe
@role_required(Role.VIEWER)
def job_news(request: WorkspaceRequest) -> HttpResponse:
    """How it stands now; a notice for each job of `watched` that has stopped since the page looked."""
    news = news_of(request.user, request.workspace)
    watched = set(request.GET.get("watched", "").split(","))
    for job in news.stopped:
        if str(job.pk) in watched and (page := _page_of(job, request)) != request.htmx.current_url_abs_path:
            messages.add_message(request, *_with_link(job, page))
    news = replace(news, watched=[job.pk for job in news.active])
    return render(request, "jobs/_news.html", {"news": news, "is_swap": True})


def _page_of(job: Job, request: WorkspaceRequest) -> str:
    """The page that tells of the job by itself: its own, or of a preview the step of its import."""
    step = preview_page(job) if job.kind == JobKind.PREVIEW else ""
    return step or reverse("jobs:detail", args=[request.workspace.slug, job.pk])


def sentence_of(job: Job) -> tuple[int, str]:
    """How it ended, as the level of a notice and its words."""
    counts = ", ".join(f"{counter.number:,} {counter.word}" for counter in counters_of(job))
    what = f"{title_of(job)}: {job.get_state_display().lower()}."
    said = job.problem or (f"{counts[0].upper()}{counts[1:]}." if counts else "")
    return _LEVELS.get(JobState(job.state), messages.INFO), f"{what} {said}".strip()


def _with_link(job: Job, page: str) -> tuple[int, SafeString]:
    level, sentence = sentence_of(job)
    what = "preview" if job.kind == JobKind.PREVIEW else "job"
    return level, format_html('{} <a href="{}">Open the {}</a>', sentence, page, what)
