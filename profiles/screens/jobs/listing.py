"""The list of jobs: mine or everybody's, newest first, looking again while something is at work."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from profiles.filters.jobs import EVERYBODYS, JobFilter
from profiles.models import Job, JobKind, Role
from profiles.operations.jobs.seeing import see_jobs
from profiles.queries.jobs import JobPage, job_page
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .progress import Progress, progress_of
from .words import Counter, counters_of, state_of, title_of

_MOST_COUNTED: Final = 100
_OF_PREVIEWS: Final = ("state", "failures", "seen_at", "operator_id")


@dataclass(frozen=True, slots=True)
class JobRow:
    job: Job
    title: str
    state: str
    look: str
    progress: Progress
    counters: list[Counter]


@dataclass(frozen=True, slots=True)
class Previews:
    """How many the list leaves out, at most `_MOST_COUNTED`, and what there is to know about them."""

    number: int
    at_work: int
    news: int
    url: str

    @property
    def is_more(self) -> bool:
        return self.number == _MOST_COUNTED


@require_safe
@role_required(Role.VIEWER)
def job_list(request: WorkspaceRequest) -> HttpResponse:
    found = JobFilter(request.GET, workspace=request.workspace, operator=request.user)
    page = job_page(found.matching(), before=_number(request, "before"), after=_number(request, "after"))
    previews = list(found.left_out().only(*_OF_PREVIEWS).order_by("-pk")[:_MOST_COUNTED])
    see_jobs([*page.jobs, *previews], operator=request.user)
    return render_screen(
        request,
        page="jobs/list.html",
        fragment="jobs/_results.html",
        context={
            "filter": found,
            "rows": [row_of(job) for job in page.jobs],
            "pages": _pages(request, page),
            "previews": _previews(request, previews),
            "is_waiting": any(job.goes_on for job in [*page.jobs, *previews]),
            "tabs": [
                ("Mine", _url(request, whose=""), not found.is_everybodys),
                ("Everybody’s", _url(request, whose=EVERYBODYS), found.is_everybodys),
            ],
            "clear_url": _url(request, state="", kind=""),
            "everybodys_url": _url(request, whose=EVERYBODYS),
        },
    )


def row_of(job: Job) -> JobRow:
    state, look = state_of(job)
    return JobRow(job, title_of(job), state, look, progress_of(job), counters_of(job))


def _previews(request: WorkspaceRequest, jobs: list[Job]) -> Previews:
    """Of the news, whoever looks at the list is told once."""
    return Previews(
        number=len(jobs),
        at_work=sum(job.goes_on for job in jobs),
        news=sum(_is_news(job, request) for job in jobs),
        url=_url(request, kind=JobKind.PREVIEW),
    )


def _is_news(job: Job, request: WorkspaceRequest) -> bool:
    return job.has_ended and not job.seen_at and job.operator_id == request.user.pk


def _pages(request: WorkspaceRequest, page: JobPage) -> dict[str, Any]:
    first, last = (page.jobs[0].pk, page.jobs[-1].pk) if page.jobs else (0, 0)
    return {
        "first_url": _url(request) if page.newer else "",
        "previous_url": _url(request, after=first) if page.newer else "",
        "next_url": _url(request, before=last) if page.older else "",
        "last_url": _url(request, after=0) if page.older else "",
        "text": f"{len(page.jobs)} on this page",
    }


def _url(request: WorkspaceRequest, **changes: object) -> str:
    """This list with other parameters, from its first page unless they say which."""
    parameters = request.GET.copy()
    for name in ("before", "after"):
        parameters.pop(name, None)
    for name, value in changes.items():
        if value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


def _number(request: WorkspaceRequest, name: str) -> int | None:
    """None also for what is no id: a number that large has no job."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
