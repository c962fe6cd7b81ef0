"""Erasure of every profile of a selection, as a job."""

from functools import partial

from profiles.models import Job, Selection
from profiles.operations.erase import erase_batch

from .running import Run
from .walking import Done, astray, locked_for_good, walk


def work(run: Run) -> None:
    walk(run, partial(_erase, run.job))


def _erase(job: Job, selection: Selection, ids: list[str]) -> Done:
    found = locked_for_good(selection, ids)
    erase_batch(
        job,
        found,
        source=job.parameters["door"],
        reason=job.parameters.get("reason", ""),
        filter=selection.query if selection.is_everything else "",
        deny=bool(job.parameters.get("deny")),
    )
    refusals = astray(selection, ids, found)
    return Done({"erased": len(found), "refused": len(refusals)}, refusals)
