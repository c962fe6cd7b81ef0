"""Jobs: what is at work or was, and the files they made."""

from collections.abc import Callable
from typing import Any, Final

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import P, QueryEx

from profiles.api.common import ApiError, Reason
from profiles.exports import media_type
from profiles.models import COUNTERS, Environment, FileRole, Job, JobState, Scope
from profiles.operations.jobs import cancel_job, pause_job, resume_job

from .answers import answer
from .api import About, Sample, operation
from .job_shapes import JobOut, JobPage
from .listing import next_page
from .protocol import BASE, OwnRequest

TAG: Final = "Jobs"
_LARGEST: Final = 2**63 - 1
_FACTS: Final = (
    *("id", "kind", "state", "has_ended", "subject", "actor", "total", *COUNTERS, "problem"),
    *("queued_at", "started_at", "finished_at"),
)


def said(job: Job) -> dict[str, Any]:
    """A job as applications see it."""
    facts = {name: getattr(job, name) for name in _FACTS}
    return facts | {"file": f"{BASE}/jobs/{job.pk}/file" if _has_file(job) else None}


def accepted(job: Job) -> HttpResponse:
    """The job goes on behind this answer, which says where to ask about it."""
    return answer(said(job), status=202, headers={"Location": f"{BASE}/jobs/{job.pk}"})


@operation(
    "GET",
    "/jobs",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="List jobs",
        answers={200: JobPage},
        sample=Sample("/jobs", query={"limit": "20"}),
    ),
)
def list_jobs(
    request: OwnRequest,
    limit: QueryEx[int, P(ge=1, le=100, description="Jobs on a page.")] = 25,
    before: QueryEx[int | None, P(ge=1, le=_LARGEST, description="Older than this one.")] = None,
) -> HttpResponse:
    """All of the workspace, whoever started them, the newest first."""
    jobs = _jobs(request)
    if before is not None:
        jobs = jobs.filter(pk__lt=before)
    found = list(jobs.order_by("-pk")[: limit + 1])
    more = next_page(request, before=str(found[limit - 1].pk)) if len(found) > limit else None
    return answer({"jobs": [said(job) for job in found[:limit]], "next": more})


@operation(
    "GET",
    "/jobs/{job_id}",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="Ask how a job is",
        answers={200: JobOut},
        sample=Sample("/jobs/17"),
        problems=(404,),
    ),
)
def read_job(request: OwnRequest, job_id: str) -> HttpResponse:
    """Once `has_ended`, nothing changes any more, and `total` is the sum of the counters."""
    return answer(said(_job(request, job_id)))


@operation(
    "POST",
    "/jobs/{job_id}:pause",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Pause a job",
        answers={200: JobOut},
        sample=Sample("/jobs/17:pause"),
        problems=(404, 409),
    ),
)
def pause(request: OwnRequest, job_id: str) -> HttpResponse:
    """It stops behind the batch it is at. Pausing twice changes nothing.

    A job that ended or is being cancelled cannot: 422.
    """
    return _ask(request, job_id, pause_job)


@operation(
    "POST",
    "/jobs/{job_id}:resume",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Let a job go on",
        answers={200: JobOut},
        sample=Sample("/jobs/17:resume"),
        problems=(404, 409),
    ),
)
def resume(request: OwnRequest, job_id: str) -> HttpResponse:
    """It goes on where it stopped, nothing lost and nothing done twice."""
    return _ask(request, job_id, resume_job)


@operation(
    "POST",
    "/jobs/{job_id}:cancel",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Cancel a job",
        answers={200: JobOut},
        sample=Sample("/jobs/17:cancel"),
        problems=(404, 409),
    ),
)
def cancel(request: OwnRequest, job_id: str) -> HttpResponse:
    """It ends behind the batch it is at; what is done stays done.

    A large one that waits is `queued` until a worker ends it.
    """
    return _ask(request, job_id, cancel_job)


@operation(
    "GET",
    "/jobs/{job_id}/file",
    About(
        scope=Scope.READ,
        tag="Exports",
        summary="Download the file of an export",
        answers={200: None},
        sample=Sample("/jobs/17/file"),
        problems=(404,),
        has_file=True,
    ),
)
def download(request: OwnRequest, job_id: str) -> HttpResponseBase:
    """As long as the answer of the job has its address: a week."""
    job = _job(request, job_id)
    if not job.file or not _has_file(job):
        raise ApiError(Reason.NOT_FOUND, "This job has no file, or has none any more, or is not done yet.")
    try:
        content = job.file.path.open("rb")
    except FileNotFoundError:
        raise ApiError(Reason.NOT_FOUND, "The file of this job is not kept any more.") from None
    name = job.file.name
    file = FileResponse(content, as_attachment=True, filename=name, content_type=media_type(name))
    file.headers["Content-Encoding"] = "identity"
    return file


def _jobs(request: OwnRequest) -> Any:
    """A test key sees those of test keys: their files and subjects are about test profiles alone."""
    jobs = Job.objects.filter(workspace=request.call.workspace).defer("cursor").select_related("file")
    is_test = request.call.environment == Environment.TEST
    return jobs.filter(key__environment=Environment.TEST) if is_test else jobs


def _job(request: OwnRequest, job_id: str) -> Job:
    """Raises ApiError (404), also for a job of another workspace."""
    job = None
    if job_id.isascii() and job_id.isdigit() and len(job_id) < 20 and int(job_id) <= _LARGEST:
        job = _jobs(request).filter(pk=int(job_id)).first()
    if job is None:
        raise ApiError(Reason.NOT_FOUND, "There is no such job.")
    found: Job = job
    return found


def _ask(request: OwnRequest, job_id: str, what: Callable[[Job], None]) -> HttpResponse:
    what(_job(request, job_id))
    return answer(said(_job(request, job_id)))


def _has_file(job: Job) -> bool:
    file = job.file
    if not file or job.state != JobState.DONE or file.role != FileRole.EXPORT:
        return False
    return file.expires_at > timezone.now()
