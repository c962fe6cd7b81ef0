"""Erasure of every profile of a selection, as a job."""

from functools import partial
from uuid import UUID

from profiles.models import Job, Selection
from profiles.operations.erase import erase_batch

from .running import Run
from .walking import Done, astray, locked, walk


def work(run: Run) -> None:
    walk(run, partial(_erase, run.job))


def _erase(job: Job, selection: Selection, ids: list[UUID]) -> Done:
    people = locked(selection, ids, is_final=True)
    erase_batch(
        job,
        [str(person.id) for person in people],
        source=job.parameters["door"],
        reason=job.parameters.get("reason", ""),
        filter=selection.query if selection.is_everything else "",
        deny=bool(job.parameters.get("deny")),
    )
    refusals = astray(selection, ids, people)
    return Done({"erased": len(people), "refused": len(refusals)}, refusals)
