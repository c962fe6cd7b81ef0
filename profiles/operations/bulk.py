"""Bulk actions: a deed to every profile of a selection, as a job of its own."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import Actor, Door, Job, JobKind, JobState, Selection
from profiles.schema import schema_of

from .changes import change_of
from .jobs import queue_job, run_job
from .jobs.queueing import make_job
from .selections import SelectionChanged, copy_for_job, filter_of, in_words, selected

# So many are dealt with before the answer, in a second or two; more are handed to the workers.
AT_ONCE: Final = 1_000


def start(
    selection: Selection,
    verb: str,
    given: Mapping[str, Any],
    *,
    actor: Actor | None,
    agreed: int | None,
    door: str = Door.CONSOLE,
) -> Job:
    """Do `verb` to the selection: a small one's job has ended on return, a large one's is queued.

    `given` is what `change_of` takes, for delete `reason` and `deny`. `agreed` is how many profiles the
    operator was told: a small selection of which that is not so any more raises SelectionChanged, for a large
    one see `walking`; None where nobody could count them. Raises Refused, and nothing is done then.
    """
    is_small = agreed is not None and agreed <= AT_ONCE
    facts = facts_of(selection, verb, given, actor=actor, agreed=agreed, door=door, is_exact=is_small)
    if agreed is None or not is_small:
        with transaction.atomic():
            return queue_job(selection.workspace, selection=copy_for_job(selection), **facts)
    number = selected(selection).order_by()[: AT_ONCE + 1].count()
    if number != agreed:
        raise SelectionChanged(agreed, number)
    job = run_job(make_job(selection.workspace, selection=copy_for_job(selection), **facts).pk)
    Job.objects.filter(pk=job.pk).ended().update(seen_at=timezone.now())
    if job.state == JobState.FAILED:
        raise Refused(job.problem)
    return job


def facts_of(
    selection: Selection,
    verb: str,
    given: Mapping[str, Any],
    *,
    actor: Actor | None,
    agreed: int | None,
    door: str,
    is_exact: bool = False,
) -> dict[str, Any]:
    """What `make_job` is to be told, but for the selection. Raises Refused where the deed cannot be done."""
    if problems := filter_of(selection).problems:
        raise Refused(" ".join(problems))
    if verb == "delete":
        kind, words = JobKind.ERASE, "Delete"
        details = {"reason": given.get("reason", ""), "deny": bool(given.get("deny"))}
    else:
        zone = actor.zone if actor else UTC
        change = change_of(verb, given, schema_of(selection.workspace), zone=zone)
        kind, words, details = JobKind.CHANGE, change.words, change.parameters
    about = {"door": str(door), "agreed": agreed, "exactly": is_exact, "words": words}
    return {
        "kind": kind,
        "verb": verb,
        "actor": actor,
        "subject": in_words(selection),
        "parameters": about | details,
    }
