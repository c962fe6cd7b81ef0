"""What a job refused: row by row with the reasons, and as a file."""

import csv
import re
from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.models import Job, JobKind, Role
from profiles.queries.jobs import Place, refusal_page
from profiles.screens.common import WorkspaceRequest, role_required

from .changes import job_url
from .detail import fetch, may_act_on
from .words import title_of, unit_of

_ROWS: Final = (JobKind.IMPORT, JobKind.PREVIEW)
_PLACE: Final = re.compile(r"(\d{0,18})-(\d{1,18})", re.ASCII)
# What a spreadsheet would take for a formula; exports/guard.py has the rule.
_FORMULA: Final = re.compile(r"'*[=+@\t\r-]")


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
def job_refused_file(request: WorkspaceRequest, pk: int) -> StreamingHttpResponse:
    """All of them as CSV, read while it is sent."""
    job = fetch(request, pk)
    return StreamingHttpResponse(
        _lines(job),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="job-{job.pk}-refused.csv"'},
    )


def _lines(job: Job) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["distinct_id", "reasons"])
    for refusal in job.refusals.order_by("line", "id").iterator(chunk_size=2_000):
        cells = [refusal.subject, " ".join(refusal.reasons)]
        yield writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])


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
