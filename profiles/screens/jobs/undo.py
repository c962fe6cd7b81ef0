"""Asks before a job is undone: what would come back, go, and stay as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import Job, Role
from profiles.operations.jobs.undo_plan import Deed, Person, Verdict
from profiles.operations.jobs.undo_preview import UndoPreview, undo_preview
from profiles.operations.jobs.undoing import start_undo, undo_refusal
from profiles.schema import Schema, schema_of
from profiles.screens.common import WorkspaceRequest, role_required
from profiles.screens.profiles.display import label_of, show

from .changes import fetch_to_change, job_url
from .words import title_of

_WORDS: Final[Mapping[Deed, tuple[str, str]]] = {
    "restore": ("put back", "info"),
    "remove": ("removed", "warn"),
    "leave": ("left alone, at least in part", "bad"),
    "settled": ("as before already", "quiet"),
}
_DEEDS: Final[Mapping[Deed, str]] = {"restore": "Put back", "remove": "Remove", "leave": "Leave alone"}
_MOST_VALUES: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One profile: per property that is put back (label, present value, value to come)."""

    profile: Person
    deed: str
    look: str
    values: list[tuple[str, SafeString, SafeString]]
    others: int
    sentences: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def job_undo(request: WorkspaceRequest, pk: int) -> HttpResponse:
    job = fetch_to_change(request, pk)
    if request.method == "POST":
        return _start(request, job)
    refusal = undo_refusal(job)
    preview = None if refusal else undo_preview(job)
    return render(
        request,
        "jobs/undo.html",
        {
            "job": job,
            "title": title_of(job),
            "job_url": job_url(request, job),
            "refusal": refusal,
            "preview": preview,
            "numbers": _numbers(preview) if preview else [],
            "examples": _examples(request, preview) if preview else [],
        },
    )


def _start(request: WorkspaceRequest, job: Job) -> HttpResponse:
    try:
        undoing = start_undo(job, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job_url(request, job))
    return redirect(job_url(request, undoing))


def _numbers(preview: UndoPreview) -> list[tuple[int, str, str]]:
    """(how many, what becomes of them, the look) of the deeds that there are."""
    return [(preview.numbers[deed], *words) for deed, words in _WORDS.items() if preview.numbers.get(deed)]


def _examples(request: WorkspaceRequest, preview: UndoPreview) -> list[Example]:
    schema = schema_of(request.workspace)
    return [_example(schema, verdict) for verdict in preview.examples]


def _example(schema: Schema, verdict: Verdict) -> Example:
    shown = sorted(verdict.shown.items())
    return Example(
        verdict.profile,
        "Leave alone in part" if verdict.left and verdict.puts_back else _DEEDS[verdict.deed],
        _WORDS[verdict.deed][1],
        [
            (
                label_of(schema, path),
                show(schema.field(path), values.get("now")),
                show(schema.field(path), values.get("before")),
            )
            for path, values in shown[:_MOST_VALUES]
        ],
        len(shown) - _MOST_VALUES,
        [reason.sentence for reason in verdict.reasons],
    )
