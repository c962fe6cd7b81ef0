"""The part of the filter of profiles that says what a job made of them: `job` and `outcome`."""

from django.db.models import Q

from profiles.models import OUTCOMES, Deed, Job, Workspace
from profiles.queries.jobs import touched_by

_LONGEST_ID = 18


def job_named(workspace: Workspace, text: str) -> Job | None:
    """The workspace's job with the id that the query string gives."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        return None
    return Job.objects.defer("cursor", "report").filter(workspace=workspace, pk=int(text)).first()


def job_problems(job: Job | None, text: str, outcome: str) -> list[str]:
    """Why the two parameters find nothing, in sentences."""
    if text and job is None:
        return [f"Job: there is no job “{text[:60]}” in this workspace."]
    return ["Outcome: of which job? Add “job” to the address."] if outcome and not text else []


def job_condition(job: Job | None, outcome: str) -> Q:
    deeds = [outcome] if outcome in OUTCOMES else [deed.value for deed in OUTCOMES]
    return touched_by(job, deeds) if job else Q(pk__in=[])


def job_in_words(job: Job | None, text: str, outcome: str) -> str:
    """For the chip: `Created by job 12 (people.csv)`."""
    deed = dict(Deed.choices).get(outcome, "Changed")
    what = f" ({job.subject})" if job and job.subject else ""
    return f"{deed} by job {text}{what}" if text else f"{deed} by a job"
