"""What `import_profiles` says in the end: what was counted and found out, and how to go on."""

from collections.abc import Iterator
from typing import Any, Final

from profiles.models import Job, JobKind, JobState, PropertyType
from profiles.operations.imports import ImportSettings
from profiles.schema import shown

_SHOWN: Final = 10
_EXAMPLES: Final = 2


def summary(job: Job, rejects: str) -> str:
    counts = ", ".join(
        f"{getattr(job, kind):,} {kind}" for kind in ("created", "updated", "unchanged", "refused")
    )
    lines = [f"{job.done:,} {'row' if job.done == 1 else 'rows'}: {counts}."]
    lines += _notes(job)
    if rejects and job.refused:
        lines.append(f"The refused rows are in {rejects}.")
    if job.kind == JobKind.PREVIEW:
        lines += _changes(job)
        lines.append("This was a dry run: nothing was written.")
    return "\n".join(lines)


def closing_words(job: Job) -> str:
    """Why it did not come to the end of the file, and how it can."""
    if job.state == JobState.FAILED:
        return job.problem
    if job.state in (JobState.QUEUED, JobState.RUNNING):
        return f"Another process is at it: /w/{job.workspace.slug}/jobs/{job.pk}/ shows how far it is."
    if job.state not in (JobState.PAUSED, JobState.INTERRUPTED, JobState.CANCELLED):
        return ""
    lines = [place[0] for key, place in job.cursor.items() if "." not in key]
    deed = {JobState.PAUSED: "Interrupted", JobState.CANCELLED: "Cancelled"}.get(
        JobState(job.state), "Stopped"
    )
    return " ".join(filter(None, (f"{deed} after line {min(lines, default=1):,}.", job.problem, _again(job))))


def refusals(job: Job) -> Iterator[str]:
    """The first lines that were refused."""
    for refusal in job.refusals.order_by("line", "id")[:_SHOWN]:
        yield f"Line {refusal.line:,}: {' '.join(refusal.reasons)}"
    if job.refused > _SHOWN:
        yield f"{job.refused - _SHOWN:,} more were refused: --rejects FILE keeps them all."


def _again(job: Job) -> str:
    stored = "Nothing was written." if job.kind == JobKind.PREVIEW else "What is counted here is stored."
    if job.state == JobState.CANCELLED:
        return stored
    if ImportSettings.of(job).path != "-":
        return f"{stored} To go on: import_profiles --resume {job.pk}"
    return f"{stored} Running it again is safe: what is stored already counts as unchanged."


def _notes(job: Job) -> Iterator[str]:
    report = job.report
    if new := ", ".join(
        f"{each['path']} ({PropertyType(each['type']).label.lower()})"
        for each in report.get("new_properties", ())
    ):
        yield f"New properties: {new}."
    if count := report.get("nameless"):
        yield f"{_rows(count)} had no distinct ID: new people each time the file is imported."
    if count := report.get("repeated"):
        yield f"{_rows(count)} came again for a profile of an earlier row, and applied on top of it."
    for kind in report.get("dropped", ()):
        yield f"Left out, in {_rows(kind['count'])}: {kind['reason']} ({_lines(kind)})."


def _changes(job: Job) -> Iterator[str]:
    for change in job.report.get("changes", ()):
        examples = "; ".join(
            f"{each['distinct_id']}: {shown(each['old'])} to {shown(each['new'])}"
            for each in change["examples"][:_EXAMPLES]
        )
        yield f"{change['label']} would change in {_rows(change['count'])}: {examples}."
    for kind in job.report.get("errors", ()):
        yield f"Refused, in {_rows(kind['count'])}: {kind['reason']} ({_lines(kind)})."
    if tags := job.report.get("new_tags"):
        yield f"New tags: {', '.join(tags)}."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _lines(kind: dict[str, Any]) -> str:
    lines = ", ".join(f"{example['line']:,}" for example in kind["examples"])
    return f"line {lines}" if len(kind["examples"]) == 1 else f"lines {lines}"
