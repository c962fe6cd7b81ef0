"""Undo of a job: put back what it changed and remove what it created, where nobody came after it."""

from collections import Counter
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from profiles.errors import Refused
from profiles.models import Actor, Door, Job, JobKind, JobState
from profiles.operations.erase import erase_batch, link_ids
from profiles.operations.write import take_turn, write_profiles
from profiles.queries.undo import NEWEST, changed_by, count_changed

from .queueing import make_job, queue_job
from .running import Refusal, Run
from .undo_plan import Verdict, judge

BATCH: Final = 1_000
_NEVER: Final = {
    JobKind.ERASE: "A deletion cannot be undone: nothing is kept of what it erased.",
    JobKind.EXPORT: "An export changes nothing, so there is nothing to undo.",
    JobKind.PREVIEW: "A preview changes nothing, so there is nothing to undo.",
}
_COMPLETE: Final = (JobState.DONE, JobState.PARTIAL)
_COUNTER: Final = {"restore": "updated", "remove": "erased", "settled": "unchanged", "leave": "refused"}


def undo_refusal(job: Job) -> str:
    """Why `job` cannot be undone, as a sentence; empty where it can."""
    if sentence := _NEVER.get(JobKind(job.kind)):
        return sentence
    if not job.has_ended:
        return "This job has not ended: cancel it, or wait until it is done."
    if not job.created and not job.updated:
        return _why_nothing(job)
    return _already_undone(job)


def start_undo(job: Job, *, actor: Actor | None, door: str = Door.CONSOLE) -> Job:
    """Queue the undo of a job. Raises Refused where there is nothing to undo, or it is being undone."""
    with transaction.atomic():
        _check(job)
        return queue_job(job.workspace, **_facts(job, actor, door))


def make_undo(job: Job, *, actor: Actor | None, door: str) -> Job:
    """The same, but not on the queue: for who runs it right away."""
    with transaction.atomic():
        _check(job)
        return make_job(job.workspace, **_facts(job, actor, door))


def work(run: Run) -> None:
    """The profiles that the undone job changed, from its newest change to its oldest.

    A profile is dealt with, whole, where its newest change by the job comes. Its counters count profiles: put
    back (updated), removed (erased), nothing left to put back (unchanged), left alone at least in part
    (refused, each with a JobRefusal). Profiles that were erased since are in none of them, nor in the total.
    """
    if run.job.undoes is None:
        raise Refused("The job that was to be undone is no longer on record.")
    if run.job.total is None:
        run.set_total(count_changed(run.job.undoes))
    before = run.job.cursor.get("before", NEWEST)
    while before := _undo_batch(run, run.job.undoes, before):
        run.check()


@transaction.atomic
def _undo_batch(run: Run, undone: Job, before: int) -> int:
    """Deal with the changes before the one with this id; the id to go on from, 0 at the end.

    It looks first and then writes, so it keeps other writers of the workspace waiting meanwhile.
    """
    take_turn(run.job.workspace, alone=True)
    undone.workspace.refresh_from_db(fields=["schema_version"])
    changes = changed_by(undone, before=before, size=run.job.parameters.get("batch", BATCH))
    if not changes:
        return 0
    verdicts = judge(undone, {profile for _, profile in changes}, before=before, is_final=True)
    _put_back(run.job, [verdict for verdict in verdicts if verdict.puts_back])
    _remove(run.job, [verdict.profile.pk for verdict in verdicts if verdict.deed == "remove"])
    last = changes[-1][0]
    run.record(
        Counter(_COUNTER[verdict.deed] for verdict in verdicts),
        cursor={"before": last},
        refusals=[_refusal(verdict) for verdict in verdicts if verdict.deed == "leave"],
    )
    return last


def _put_back(job: Job, due: list[Verdict]) -> None:
    """Write the earlier values; rules about several properties may still have a word to say."""
    outcomes = write_profiles(
        job.workspace,
        [verdict.row for verdict in due],
        mode="update",
        source=job.parameters.get("door", Door.CONSOLE),
        actor=job.by,
        job=job,
    )
    for verdict, outcome in zip(due, outcomes, strict=True):
        if outcome.status == "refused":
            verdict.refuse(outcome.reasons)


def _remove(job: Job, profiles: list[UUID]) -> None:
    if profiles:
        source = job.parameters.get("door", Door.CONSOLE)
        found = sorted(map(str, profiles))
        erase_batch(job, found, source=source, reason=f"Undo of job {job.undoes_id}")
        link_ids(job, found)


def _refusal(verdict: Verdict) -> Refusal:
    profile = verdict.profile
    return Refusal(
        [reason.sentence for reason in verdict.reasons],
        subject=profile.distinct_id,
        row={"profile": str(profile.pk), "environment": profile.environment, "left": verdict.left},
    )


def _check(job: Job) -> None:
    """One undo at a time: the lock lets two clicks come one after the other."""
    if sentence := undo_refusal(Job.objects.select_for_update(of=["self"]).get(pk=job.pk)):
        raise Refused(sentence)


def _facts(job: Job, actor: Actor | None, door: str) -> dict[str, Any]:
    return {
        "kind": JobKind.UNDO,
        "verb": "undo",
        "actor": actor,
        "subject": f"Job {job.pk}: {job.subject}" if job.subject else f"Job {job.pk}",
        "undoes": job,
        "parameters": {"door": door},
    }


def _why_nothing(job: Job) -> str:
    if job.erased:
        return "This job only removed profiles. Nothing is kept of what was removed, so it cannot come back."
    return "This job changed nothing, so there is nothing to undo."


def _already_undone(job: Job) -> str:
    for undoing in Job.objects.filter(undoes=job).order_by("-id"):
        if not undoing.has_ended:
            return f"This job is being undone already, by job {undoing.pk}."
        if undoing.state == JobState.DONE and _holds(undoing):
            return f"This job was undone already, by job {undoing.pk}: nothing is left to undo."
    return ""


def _holds(undoing: Job) -> bool:
    """Whether it came to its end, and was not undone in its turn."""
    return undoing.state in _COMPLETE and not any(map(_holds, undoing.undone_by.all()))
