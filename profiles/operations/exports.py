"""Exports of a selection: checked before anybody waits for them, then written by a job."""

from dataclasses import replace
from typing import Any, Final

from django.utils import timezone

from profiles.errors import Refused
from profiles.exports import Wanted, export_columns, read_paths, refuse_impossible
from profiles.models import Actor, AuditEntry, Job, JobKind, Selection, Workspace

from .jobs import queue_job, run_job
from .jobs.queueing import make_job
from .selections import copy_for_job, filter_of, in_words, selected

# So many are written before the answer; more are handed to the workers.
AT_ONCE: Final = 1_000


def start_export(selection: Selection, wanted: Wanted, *, actor: Actor, at_once: bool = True) -> Job:
    """Queue the export; a small one's job has ended on return, unless it is not to be done `at_once`.

    Raises Refused for a filter or columns that are not understood, and for what the format cannot hold.
    """
    if problems := filter_of(selection).problems:
        raise Refused(" ".join(problems))
    columns = read_paths(wanted.paths, export_columns(selection.workspace))
    refuse_impossible(wanted.format, columns=len(columns))
    wanted = replace(wanted, paths=[column.path for column in columns])
    facts: dict[str, Any] = {
        "kind": JobKind.EXPORT,
        "verb": "export",
        "actor": actor,
        "subject": in_words(selection),
        "parameters": wanted.as_json(),
        "selection": copy_for_job(selection),
    }
    if not at_once or selected(selection).order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        return queue_job(selection.workspace, **facts)
    job = run_job(make_job(selection.workspace, **facts).pk)
    Job.objects.filter(pk=job.pk).ended().update(seen_at=timezone.now())
    return job


def note_export(workspace: Workspace, wanted: Wanted, *, rows: int, filter: str) -> None:
    """Into the audit, for an export that is no job. Say so before the file is anybody's."""
    AuditEntry.objects.create(
        workspace=workspace,
        verb="export",
        subject=f"Filter: {filter}"[:1200] if filter else "No filter: everybody in the workspace",
        details={**wanted.as_json(), "exported": rows},
    )
