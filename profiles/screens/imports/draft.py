"""What the steps of one import share: the draft they are about, and the row of steps on top."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from profiles.models import ImportDraft, Job
from profiles.screens.common import WorkspaceRequest

STEPS = (("upload", "Upload"), ("mapping", "Columns"), ("preview", "Preview"), ("run", "Import"))


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four; `url` is empty where it cannot be gone to."""

    number: int
    label: str
    url: str
    is_current: bool
    is_done: bool


def fetch_draft(request: WorkspaceRequest, pk: UUID) -> ImportDraft:
    """A draft of the workspace, whoever of its editors began it: a colleague may go on."""
    try:
        return ImportDraft.objects.select_related(
            "workspace", "operator", "file", "preset", "preview", "job"
        ).get(pk=pk, workspace=request.workspace)
    except ImportDraft.DoesNotExist:
        raise Http404("There is no such import: it was discarded, or never was.") from None


def draft_url(draft: ImportDraft, step: str = "mapping") -> str:
    return reverse(f"imports:{step}", args=[draft.workspace.slug, draft.pk])


def next_url(draft: ImportDraft) -> str:
    """Where to go on with it."""
    if draft.job_id:
        return reverse("jobs:detail", args=[draft.workspace.slug, draft.job_id])
    return draft_url(draft, "preview" if draft.preview_id else "mapping")


def preview_page(job: Job) -> str:
    """The address of the step that shows this preview; empty where none does any more."""
    draft = ImportDraft.objects.select_related("workspace").filter(preview=job, job=None).first()
    return draft_url(draft, "preview") if draft else ""


def steps_of(current: str, draft: ImportDraft | None = None) -> list[Step]:
    names = [name for name, _ in STEPS]
    at = names.index(current)
    urls = {"mapping": draft_url(draft)} if draft else {}
    if draft and draft.preview_id:
        urls["preview"] = draft_url(draft, "preview")
    return [
        Step(number + 1, label, urls.get(name, "") if number != at else "", number == at, number < at)
        for number, (name, label) in enumerate(STEPS)
    ]


def version_sent(request: WorkspaceRequest) -> int:
    """The version of the draft that the form showed; 0, which none has, where it says none."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
