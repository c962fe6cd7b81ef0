"""Passing over rows that change nothing, without making more of them, where most are of that kind."""

from collections.abc import Mapping, Sequence

from profiles.models import Job, JobKind

from ..unchanged import unchanged_among
from .sending import Sent, said
from .settings import DISTINCT_ID, ImportSettings


class Shortcut:
    """Is taken from one batch to the next: where most rows changed something, it would be a detour."""

    def __init__(self, job: Job, settings: ImportSettings) -> None:
        mapping = settings.mapping
        self._workspace = job.workspace
        self._is_one = (
            job.kind == JobKind.IMPORT
            and mapping.match == DISTINCT_ID
            and mapping.mode in ("update", "upsert")
            and mapping.existing == "overwrite"
        )
        self._is_worth_it = False

    def taken(self, rows: Sequence[Sent]) -> tuple[Sequence[Sent], Sequence[int]]:
        """The rows that somebody has to look at, and at which lines the others end, which change nothing."""
        if not self._is_worth_it:
            return rows, ()
        told = [said(row) for row in rows]
        same = iter(unchanged_among(self._workspace, [each for each in told if each]))
        left: list[Sent] = []
        unchanged: list[int] = []
        for row, word in zip(rows, told, strict=True):
            if word and next(same):
                line, last = row[:2]
                unchanged.append(last or line)
            else:
                left.append(row)
        return left, unchanged

    def learn(self, counts: Mapping[str, int], number: int) -> None:
        """Hear what became of a batch of so many rows.

        So the first batch that a writer commits takes the long way, which passes over those of its rows that
        were done before a stop.
        """
        self._is_worth_it = self._is_one and counts.get("unchanged", 0) * 2 > number
