"""Jobs in words: what they do, how they stand, what became of what they dealt with."""

from dataclasses import dataclass
from typing import Final

from profiles.models import COUNTERS, Job, JobKind, JobState, Wish

_DEEDS: Final = {
    "tag": "Add tags",
    "untag": "Remove tags",
    "disable": "Disable profiles",
    "activate": "Activate profiles",
    "set": "Set a property",
    "clear": "Clear a property",
    "replace": "Find and replace",
}
_KINDS: Final = {
    JobKind.CHANGE: "Change profiles",
    JobKind.ERASE: "Delete profiles",
    JobKind.EXPORT: "Export profiles",
}
_LOOKS: Final = {
    JobState.QUEUED: "quiet",
    JobState.RUNNING: "info",
    JobState.PAUSED: "warn",
    JobState.INTERRUPTED: "bad",
    JobState.CANCELLED: "quiet",
    JobState.PARTIAL: "warn",
    JobState.FAILED: "bad",
    JobState.DONE: "good",
}
WAITING: Final = ("Waiting for a worker", "warn")
"""How a job stands that nobody works on, though it goes on for the database."""
_WISHES: Final = {Wish.PAUSE: "Pausing…", Wish.CANCEL: "Cancelling…"}
_OUTCOMES: Final = {"erased": "deleted"}
_WOULD: Final = {"created": "to create", "updated": "to update", "refused": "to refuse"}


@dataclass(frozen=True, slots=True)
class Counter:
    """How many met with one outcome; `word` is how people call it."""

    name: str
    word: str
    number: int


def title_of(job: Job) -> str:
    """What the job does: as its parameters say it, or by its verb or kind."""
    words: str = job.parameters.get("words", "") if job.kind == JobKind.CHANGE else ""
    return words or _DEEDS.get(job.verb) or _KINDS.get(JobKind(job.kind)) or job.get_kind_display()


def state_of(job: Job) -> tuple[str, str]:
    """The state in a word, and the look of its badge."""
    if job.state in (JobState.QUEUED, JobState.RUNNING) and job.wish:
        return _WISHES[Wish(job.wish)], "warn"
    return job.get_state_display(), _LOOKS[JobState(job.state)]


def counters_of(job: Job) -> list[Counter]:
    """The outcomes that there are, by the name of the counter."""
    words = _WOULD if job.kind == JobKind.PREVIEW else _OUTCOMES
    return [
        Counter(name, words.get(name, name), number) for name in COUNTERS if (number := getattr(job, name))
    ]


def unit_of(job: Job, number: int = 2) -> str:
    """What the job deals with one by one, in the singular or the plural."""
    unit = "row" if job.kind in (JobKind.IMPORT, JobKind.PREVIEW) else "profile"
    return unit if number == 1 else f"{unit}s"
