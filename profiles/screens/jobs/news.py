"""The header's badge of one's own jobs, and the notice when one of them ends."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from profiles.models import Job, JobState, Role
from profiles.queries.jobs import news_of
from profiles.screens.common import WorkspaceRequest, role_required

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
        if str(job.pk) in watched and not _is_open(request, job):
            level, sentence = sentence_of(job)
            messages.add_message(request, level, _with_link(job, sentence, request.workspace.slug))
    news = replace(news, watched=[job.pk for job in news.active])
    return render(request, "jobs/_news.html", {"news": news, "is_swap": True})


def _is_open(request: WorkspaceRequest, job: Job) -> bool:
    """Whether the page that asks is the job's own, which tells by itself."""
    url = reverse("jobs:detail", args=[request.workspace.slug, job.pk])
    return request.htmx.current_url_abs_path == url


def sentence_of(job: Job) -> tuple[int, str]:
    """How it ended, as the level of a notice and its words."""
    counts = ", ".join(f"{counter.number:,} {counter.word}" for counter in counters_of(job))
    what = f"{title_of(job)}: {job.get_state_display().lower()}."
    said = job.problem or (f"{counts[0].upper()}{counts[1:]}." if counts else "")
    return _LEVELS.get(JobState(job.state), messages.INFO), f"{what} {said}".strip()


def _with_link(job: Job, sentence: str, slug: str) -> SafeString:
    url = reverse("jobs:detail", args=[slug, job.pk])
    return format_html('{} <a href="{}">Open the job</a>', sentence, url)
