"""What happened to a job, in order."""

from dataclasses import dataclass
from datetime import datetime

from profiles.models import Job, JobState

from .progress import in_words


@dataclass(frozen=True, slots=True)
class Moment:
    """`note` is what the time alone does not say."""

    text: str
    at: datetime | None
    look: str
    note: str = ""


def timeline_of(job: Job) -> list[Moment]:
    """From the click to where it stands."""
    made = job.started_at if job.run > 1 and job.started_at else job.queued_at
    moments = [Moment("Queued", min(made, job.queued_at), "quiet", f"by {job.actor}" if job.actor else "")]
    if job.started_at:
        moments.append(Moment("Started", job.started_at, "info"))
    if (times := _times_taken_up(job)) > 0:
        moments.append(Moment(_taken_up(times), job.resumed_at, "info", "where it had stopped"))
    return [*moments, *_now(job)]


def _times_taken_up(job: Job) -> int:
    """A turn in which it only heard that it is to pause is none."""
    only_heard = job.state == JobState.PAUSED and job.done == job.done_before
    return job.run - 1 - only_heard


def _taken_up(times: int) -> str:
    return "Taken up again" if times == 1 else f"Taken up again ({times} times)"


def _now(job: Job) -> list[Moment]:
    if job.finished_at:
        took = "never started"
        if job.started_at:
            waiting = ", waiting included" if job.run > 1 else ""
            took = f"took {in_words(job.finished_at - job.started_at)}{waiting}"
        look = {JobState.DONE: "good", JobState.FAILED: "bad", JobState.PARTIAL: "warn"}
        return [
            Moment(job.get_state_display(), job.finished_at, look.get(JobState(job.state), "quiet"), took)
        ]
    if job.state == JobState.PAUSED:
        return [Moment("Paused", job.beat_at, "warn", "it waits for “Resume”")]
    if job.state == JobState.INTERRUPTED:
        return [Moment("Interrupted", job.beat_at, "bad")]
    if job.state == JobState.QUEUED and job.started_at:
        return [Moment("Waiting for its next turn", job.queued_at, "quiet")]
    return []
