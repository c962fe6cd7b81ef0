"""What the page of a job shows besides what all jobs have, by its kind."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone

from profiles.exports import Wanted
from profiles.models import ImportDraft, Job, JobKind, JobState
from profiles.operations.jobs.exporting import KEPT_FOR
from profiles.operations.jobs.undoing import undo_refusal
from profiles.operations.selections import filter_of
from profiles.screens.common import WorkspaceRequest

Facts = Callable[[WorkspaceRequest, Job], dict[str, Any]]

_POLICIES: Final = (
    (
        "mode",
        "Writes",
        {
            "upsert": "New and known people",
            "create": "New people only",
            "update": "Known people only",
            "replace": "New and known people, whose other values are cleared",
        },
    ),
    ("match", "Finds people by", {"distinct_id": "Distinct ID", "email": "E-mail", "phone": "Phone"}),
    ("blank", "Empty cells", {"ignore": "Leave values as they are", "clear": "Clear values"}),
    ("existing", "Existing values", {"overwrite": "Are overwritten", "keep": "Are kept"}),
    ("bad", "A value that does not fit", {"row": "Refuses its row", "value": "Is dropped"}),
    ("environment", "Environment", {"live": "Live", "test": "Test"}),
)


def whom(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """The parts of the filter where it was everybody whom it finds; the job's subject says the rest."""
    selection = job.selection
    if not selection or not selection.is_everything:
        return {}
    parts = filter_of(selection).parts
    return {
        "conditions": [part.label for part in parts],
        "exceptions": len(selection.exceptions),
    }


def imported(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """How the file is read, in words: the policies that were chosen."""
    mapping = job.parameters.get("mapping", {})
    chosen = ((label, words, mapping.get(name)) for name, label, words in _POLICIES)
    policies = [(label, words.get(choice, choice)) for label, words, choice in chosen if choice]
    return {"policies": policies}


def imports(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """With the import as it was prepared, which names its preview; None for those of the command line."""
    draft = ImportDraft.objects.filter(job=job).only("preview").first()
    return imported(request, job) | undo(request, job) | {"draft": draft}


def preview(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """With the import that is being prepared, or was run, as this shows it."""
    return imported(request, job) | {"draft": ImportDraft.objects.filter(preview=job).first()}


def undo(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """Whether an ended job may be undone, and what undid it last."""
    if not job.has_ended:
        return {}
    return {"may_undo": not undo_refusal(job), "undone_by": job.undone_by.order_by("-pk").first()}


def change(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    return whom(request, job) | undo(request, job)


def export(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """With the file that may be had, None where it is not written yet or not kept any more."""
    file = job.file if job.state == JobState.DONE else None
    is_kept = file is not None and file.expires_at > timezone.now() and file.path.exists()
    return whom(request, job) | {
        "wanted": Wanted.from_json(job.parameters),
        "file": file if is_kept else None,
        "days": KEPT_FOR.days,
    }


FACTS: Final[Mapping[str, Facts]] = {
    JobKind.IMPORT: imports,
    JobKind.PREVIEW: preview,
    JobKind.CHANGE: change,
    JobKind.UNDO: undo,
    JobKind.ERASE: whom,
    JobKind.EXPORT: export,
}
"""For kinds whose template asks for more than the job; called at each look, so they are quick."""
