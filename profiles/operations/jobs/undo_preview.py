"""What undoing a job would do, before anything happens."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from profiles.models import Job
from profiles.queries.undo import NEWEST, changed_by, span_of

from .undo_plan import Deed, Verdict, judge

EXACT: Final = 1_000
"""Changes up to which every profile is looked at."""
_PLACES: Final = 10
_SHOWN: Final = 3
_ORDER: Final[Sequence[Deed]] = ("leave", "restore", "remove")


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """How many profiles would be put back, removed, found as they were (`settled`), or left alone.

    Where the job made more than EXACT changes, `is_about`: the numbers are estimated from the `looked_at`
    profiles of some places in its history, so that it takes no longer for millions. Profiles that are left
    alone in part are in `leave`. `kinds` counts the kinds of reasons; `examples` shows some of each deed.
    """

    numbers: dict[Deed, int]
    looked_at: int
    is_about: bool
    kinds: list[tuple[str, int]]
    examples: list[Verdict]

    @property
    def is_worth_it(self) -> bool:
        """Whether undoing would change anything, as far as was looked."""
        return self.is_about or any(
            verdict.puts_back or verdict.deed == "remove" for verdict in self.examples
        )


def undo_preview(job: Job) -> UndoPreview:
    changes = changed_by(job, before=NEWEST, size=EXACT + 1)
    is_about = len(changes) > EXACT
    people = _sample(job) if is_about else dict.fromkeys(profile for _, profile in changes)
    verdicts = judge(job, people)
    weights = _weights(job, verdicts) if is_about else {True: 1.0, False: 1.0}
    deeds: defaultdict[Deed, float] = defaultdict(float)
    kinds: defaultdict[str, float] = defaultdict(float)
    for verdict in verdicts:
        deeds[verdict.deed] += weights[verdict.is_created]
        for kind in {reason.kind for reason in verdict.reasons}:
            kinds[kind] += weights[verdict.is_created]
    return UndoPreview(
        numbers={deed: round(number) for deed, number in deeds.items()},
        looked_at=len(verdicts),
        is_about=is_about,
        kinds=sorted(((kind, round(number)) for kind, number in kinds.items()), key=lambda each: -each[1]),
        examples=_some_of_each(verdicts),
    )


def _weights(job: Job, verdicts: Sequence[Verdict]) -> dict[bool, float]:
    """For how many one stands, of those that the job created and of the others: it has counted both."""
    created = sum(verdict.is_created for verdict in verdicts)
    others = len(verdicts) - created
    return {True: max(job.created / max(created, 1), 1), False: max(job.updated / max(others, 1), 1)}


def _sample(job: Job) -> dict[UUID, None]:
    """Profiles of some places, evenly spread from the job's first change to its last."""
    first, last = span_of(job) or (0, 0)
    people: dict[UUID, None] = {}
    for place in range(1, _PLACES + 1):
        bound = first + (last - first) * place // _PLACES + 1
        found = changed_by(job, before=bound, size=EXACT // _PLACES)
        people |= dict.fromkeys(profile for _, profile in found)
    return people


def _some_of_each(verdicts: list[Verdict]) -> list[Verdict]:
    """What is left alone comes first, and of that what is put back in part."""
    examples: list[Verdict] = []
    for deed in _ORDER:
        alike = (verdict for verdict in verdicts if verdict.deed == deed)
        examples += sorted(alike, key=lambda verdict: not verdict.puts_back)[:_SHOWN]
    return examples
