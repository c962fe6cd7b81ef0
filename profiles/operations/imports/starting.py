"""Making the jobs that import a file, or say what an import would do."""

from typing import Any

from profiles.imports import Mapping
from profiles.models import Job, JobKind, Operator, StoredFile, Workspace
from profiles.schema import schema_of

from ..jobs.queueing import make_job, queue_job
from .measure import measure_of
from .settings import ImportSettings, refuse_missing


def start_import(
    workspace: Workspace,
    *,
    file: StoredFile,
    mapping: Mapping,
    actor: Operator | None,
    total: int | None = None,
    **reading: Any,
) -> Job:
    """Queue the import of a stored file; `reading` are further fields of ImportSettings.

    `total` is the number of its rows, where a preview has counted them.
    """
    return _started(JobKind.IMPORT, workspace, file, ImportSettings(mapping, **reading), actor, total=total)


def start_preview(
    workspace: Workspace, *, file: StoredFile, mapping: Mapping, actor: Operator | None, **reading: Any
) -> Job:
    """Queue a look at all of the file: what `start_import` with the same arguments would do.

    Its job keeps the `measure` that it begins with.
    """
    measure = measure_of(schema_of(workspace), mapping)
    return _started(
        JobKind.PREVIEW, workspace, file, ImportSettings(mapping, **reading), actor, measure=measure
    )


def make_import(
    workspace: Workspace,
    settings: ImportSettings,
    *,
    subject: str,
    actor: Operator | None,
    is_preview: bool = False,
    is_detached: bool = False,
) -> Job:
    """The job for a file outside of the product's own; for the workers if it is detached."""
    settings.refuse_contradictions()
    settings.refuse_too_many_writers()
    make = queue_job if is_detached else make_job
    kind = JobKind.PREVIEW if is_preview else JobKind.IMPORT
    return make(workspace, kind=kind, verb=kind, actor=actor, subject=subject, parameters=settings.as_json())


def _started(
    kind: JobKind,
    workspace: Workspace,
    file: StoredFile,
    settings: ImportSettings,
    actor: Operator | None,
    *,
    total: int | None = None,
    measure: str = "",
) -> Job:
    settings.refuse_contradictions()
    refuse_missing(file)
    return queue_job(
        workspace,
        kind=kind,
        verb=kind,
        actor=actor,
        subject=file.name,
        parameters=settings.as_json() | ({"measure": measure} if measure else {}),
        file=file,
        total=total,
    )
