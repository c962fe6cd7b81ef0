"""Trying again what a job refused: a job of its own, over exactly those.

Not for deletions: whom they refuse has left the filter, and deletions are agreed to anew.
"""

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from profiles.errors import Refused
from profiles.models import Job, JobKind, Operator
from profiles.operations.selections import MOST_IDS, select

from .queueing import queue_job
from .rejects import retry_refused as retry_rows

RETRIABLE: Final = (JobKind.IMPORT, JobKind.CHANGE)


@transaction.atomic
def retry_refused(job: Job, *, actor: Operator) -> Job:
    """Queue the same for the rows or profiles that `job` refused. Raises Refused where there are none.

    The parameters of the new job name the one that it `retries`.
    """
    again = _retry_profiles(job, actor) if job.kind == JobKind.CHANGE else retry_rows(job, actor=actor)
    again.parameters |= {"retries": job.pk}
    again.save(update_fields=["parameters"])
    return again


def _retry_profiles(job: Job, actor: Operator) -> Job:
    """The filter holds for them as before: who has left it since is not meant any more."""
    if not job.has_ended or job.selection is None:
        raise Refused("Profiles can be tried again once a job has ended, for a week.")
    ids = _refused_profiles(job)
    selection = select(job.workspace, operator=actor, query=job.selection.query, ids=ids)
    again: dict[str, Any] = {"agreed": len(ids), "exactly": False}
    return queue_job(
        job.workspace,
        kind=job.kind,
        verb=job.verb,
        actor=actor,
        parameters=job.parameters | again,
        selection=selection,
        subject=f"{len(ids):,} that job {job.pk} refused",
    )


def _refused_profiles(job: Job) -> list[UUID]:
    named = job.refusals.filter(row__has_key="profile").order_by("line", "id")
    found = named.values_list("row__profile", flat=True)[: MOST_IDS + 1]
    ids = [UUID(text) for text in found]
    if not ids:
        raise Refused("Nobody is left of those whom this job refused.")
    if len(ids) > MOST_IDS:
        raise Refused(
            f"More than {MOST_IDS:,} were refused: filter for them, or download them and use the file as a "
            "list of IDs."
        )
    return ids
