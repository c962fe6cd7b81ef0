"""Erasure of every profile of a selection, as a job."""

from functools import partial
from typing import Final

from profiles.models import Job, Selection, SelectionMember
from profiles.operations.erase import erase_batch, link_ids

from .locking import as_text, astray, locked_for_good
from .running import Run
from .walking import Done, had_their_turn, walk

_AT_A_TIME: Final = 10_000


def work(run: Run) -> None:
    walk(run, partial(_erase, run.job))


def seal_receipt(job: Job) -> None:
    """Say of whom the receipt is, when the job ends: its batches go side by side, a hash by their order."""
    erased = had_their_turn(job).order_by("profile_id").values_list(as_text("profile_id"), flat=True)
    link_ids(job, erased.iterator(_AT_A_TIME))


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
    if refusals:  # Whoever is left of the members was erased.
        left_alone = set(ids).difference(found)
        SelectionMember.objects.filter(selection=selection, profile_id__in=left_alone).delete()
    return Done({"erased": len(found), "refused": len(refusals)}, refusals)
