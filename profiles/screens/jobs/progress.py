"""How far a job is: for a bar, and in words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from profiles.models import Job, JobState

from .words import unit_of

_SILENCE: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Progress:
    """`value` of `maximum` for the bar; no maximum where nobody knows how much there is."""

    value: int
    maximum: int | None
    text: str
    pace: str

    @property
    def percent(self) -> int | None:
        """Not 100 before it is all, not more where the total was an estimate."""
        return min(99, self.value * 100 // self.maximum) if self.maximum else None


def progress_of(job: Job) -> Progress:
    """By rows where the total is known; else by bytes of the file, where the job reports these."""
    size, position = job.report.get("size"), job.report.get("position")
    if job.has_ended and job.done == job.total:
        return Progress(job.done, job.total, f"{job.done:,} {unit_of(job, job.done)}", _duration(job))
    if job.total is not None:
        text = f"{job.done:,} of {job.total:,} {unit_of(job, job.total)}"
        return Progress(job.done, job.total, text, _pace(job))
    text = f"{job.done:,} {unit_of(job, job.done)}{'' if job.has_ended else ' so far'}"
    if size:
        return Progress(position or 0, size, text, _pace(job))
    return Progress(job.done, None, text, _pace(job))


def _duration(job: Job) -> str:
    if not (job.started_at and job.finished_at):
        return ""
    return f"in {in_words(job.finished_at - job.started_at)}"


def _pace(job: Job) -> str:
    """The rate and the time left of a job that is at work; how long it took if it has ended.

    Where no batch has come for a while, its worker is busy with something else or gone: nobody knows more.
    """
    if job.has_ended:
        return _duration(job)
    if job.state != JobState.RUNNING or not job.beat_at:
        return ""
    silence = timezone.now() - job.beat_at
    if silence > _SILENCE:
        return f"nothing new for {in_words(silence)}"
    if not job.rate:
        return ""
    words = [f"{_rounded(job.rate):,} a second"]
    if left := time_left(job):
        words.append(f"{in_words(left)} left")
    return " · ".join(words)


def time_left(job: Job) -> timedelta | None:
    """By rows or, where their number is not known, by the bytes that are left to read."""
    if job.total is not None:
        return job.time_left
    size, position = job.report.get("size"), job.report.get("position")
    if not (size and position and job.rate):
        return None
    rows_left = job.done * (size - position) / position
    return timedelta(seconds=rows_left / job.rate)


def in_words(span: timedelta) -> str:
    """`less than 1 s`, `3 s`, `2 min 5 s`, `1 h 20 min`: two parts are as much as anybody wants to know."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s" if seconds else "less than 1 s"
    if seconds < 3600:
        minutes, rest = divmod(seconds, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(seconds // 60, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _rounded(rate: float) -> int | float:
    return round(rate, 1) if rate < 10 else round(rate)
