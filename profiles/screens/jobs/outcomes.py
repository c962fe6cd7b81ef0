"""What became of the rows and profiles of a job, each outcome with the way to them."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from profiles.models import OUTCOMES, Job, JobKind, Workspace

from .words import counters_of

_IN_HISTORY: Final = (JobKind.IMPORT, JobKind.CHANGE, JobKind.UNDO)
_LOOKS: Final = {"created": "good", "updated": "info", "refused": "bad", "erased": "warn", "exported": "info"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`url` leads to a listing of these, empty where there is none to be had.

    `start` and `share` are its place in a bar of all that was dealt with, in percent.
    """

    word: str
    number: int
    look: str
    url: str
    start: float
    share: float


def outcomes_of(job: Job, workspace: Workspace) -> list[Outcome]:
    found, start = [], 0.0
    whole = max(job.done, job.total or 0)
    for counter in counters_of(job):
        share = 100 * counter.number / whole
        look = _LOOKS.get(counter.name, "quiet")
        url = _url(job, counter.name, workspace)
        found.append(Outcome(counter.word, counter.number, look, url, round(start, 2), round(share, 2)))
        start += share
    return found


def _url(job: Job, outcome: str, workspace: Workspace) -> str:
    if outcome == "refused":
        return reverse("jobs:refused", args=[workspace.slug, job.pk])
    if outcome in OUTCOMES and job.kind in _IN_HISTORY:
        return f"{reverse('profiles:list', args=[workspace.slug])}?job={job.pk}&outcome={outcome}"
    return ""
