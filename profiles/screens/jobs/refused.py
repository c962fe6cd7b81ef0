"""What a job refused: row by row with the reasons, and as a file."""

import csv
import re
from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from profiles.errors import Refused
from profiles.exports.guard import guarded_text
from profiles.models import Job, JobKind, Role
from profiles.operations.jobs.rejects import reject_lines_of, rejects_name
from profiles.operations.jobs.retrying import retry_refused
from profiles.queries.jobs import Place, refusal_page
from profiles.screens.common import WorkspaceRequest, role_required

from .changes import fetch_to_change, job_url
from .detail import fetch, may_act_on
from .words import title_of, unit_of

_ROWS: Final = (JobKind.IMPORT, JobKind.PREVIEW)
_PLACE: Final = re.compile(r"(\d{0,18})-(\d{1,18})", re.ASCII)


@require_safe
@role_required(Role.VIEWER)
def job_refused(request: WorkspaceRequest, pk: int) -> HttpResponse:
    job = fetch(request, pk)
    page = refusal_page(job, beyond=_read(request.GET.get("beyond", "")))
    return render(
        request,
        "jobs/refused.html",
        {
            "job": job,
            "title": title_of(job),
            "unit": unit_of(job),
            "job_url": job_url(request, job),
            "may_act": may_act_on(request, job),
            "refusals": page.refusals,
            "has_lines": job.kind in _ROWS,
            "pages": {
                "first_url": request.path if "beyond" in request.GET else "",
                "next_url": f"?beyond={_written(page.next)}" if page.next else "",
                "text": f"{len(page.refusals)} of {job.refused:,}",
            },
        },
    )


@require_safe
@role_required(Role.EDITOR)
def job_refused_file(request: WorkspaceRequest, pk: int) -> HttpResponseBase:
    """All of them, read while they are sent; rows of a file with its columns, to correct and import again."""
    job = fetch(request, pk)
    try:
        name, lines = _file_of(job)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job_url(request, job))
    return StreamingHttpResponse(
        lines,
        content_type="text/plain; charset=utf-8" if name.endswith(".jsonl") else "text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


@require_POST
@role_required(Role.EDITOR)
def job_retry(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The same for those who were refused, as a job of its own."""
    job = fetch_to_change(request, pk)
    try:
        again = retry_refused(job, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job_url(request, job))
    return redirect(job_url(request, again))


def _file_of(job: Job) -> tuple[str, Iterator[bytes]]:
    if job.kind not in _ROWS:
        return f"job-{job.pk}-refused.csv", (line.encode() for line in _lines(job))
    lines = reject_lines_of(job)
    return rejects_name(job), (line.encode("utf-8", "surrogateescape") for line in lines)


def _lines(job: Job) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["distinct_id", "reasons"])
    for refusal in job.refusals.order_by("line", "id").iterator(chunk_size=2_000):
        yield writer.writerow([guarded_text(refusal.subject), guarded_text(" ".join(refusal.reasons))])


class _Echo:
    """A file for the csv module that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _read(text: str) -> Place | None:
    """The place that `_written` wrote; None for anything else."""
    found = _PLACE.fullmatch(text)
    return (int(found[1]) if found[1] else None, int(found[2])) if found else None


def _written(place: Place) -> str:
    line, pk = place
    return f"{'' if line is None else line}-{pk}"
