"""One of an import's writers: a thread with a connection, and a cursor of its own."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DatabaseError, transaction

from profiles.imports import Position, storable

from ..jobs.running import Refusal, Run
from ..rows import Outcome, ProfileRow
from .meaning import MeantRow
from .notes import Notes, printable

# SQLSTATE classes and codes that are the fault of a value: data exception, constraint, index row too large.
_FAULTS_OF_A_VALUE: Final = ("22", "23", "54000")


@dataclass(slots=True)
class Writer:
    """Commits its share of the rows, batch by batch, each with counts, refused rows and where it is now.

    Behind the first failure it takes nothing more: a later batch would move the cursor past the lost one.
    """

    number: int
    run: Run
    write: Callable[[Sequence[ProfileRow]], list[Outcome]]
    counts_nameless: bool
    original_of: Callable[[MeantRow], Any] = lambda row: row.raw.original
    at: Position | None = field(init=False)
    notes: Notes = field(init=False)
    has_failed: bool = False

    def __post_init__(self) -> None:
        cursor = self.run.job.cursor
        self.at = Position(*cursor[self._key]) if self._key in cursor else None
        self.notes = Notes(cursor.get(self._key_of_notes))

    def take(self, rows: Sequence[MeantRow], end: Position, unchanged: Sequence[int] = ()) -> None:
        """Write those rows that are behind the cursor; `end` is where the file was read to.

        Another writer may have been slower: then there is nothing to do here, and the cursor stays.
        `unchanged` are the lines at which those rows between them end that were found to change nothing.
        """
        if self.has_failed or (self.at and end.line <= self.at.line):
            return
        try:
            self._commit(self._new(rows), end, unchanged)
        except BaseException:
            self.has_failed = True
            raise

    def _new(self, rows: Sequence[MeantRow]) -> Sequence[MeantRow]:
        """All of them, but for the first batch after a stop."""
        if self.at is None or not rows or rows[0].raw.position.line > self.at.line:
            return rows
        return [row for row in rows if row.raw.position.line > self.at.line]

    def close(self) -> None:
        """Nothing to do: the connection is its thread's."""

    @property
    def _key(self) -> str:
        return str(self.number)

    @property
    def _key_of_notes(self) -> str:
        return f"{self.number}.notes"

    def _commit(self, rows: Sequence[MeantRow], end: Position, unchanged: Sequence[int]) -> None:
        good = [row.profile for row in rows if row.profile]
        try:
            with transaction.atomic():
                self._record(rows, self.write(good) if good else [], end, len(unchanged))
        except DatabaseError as error:
            if not _is_fault_of_a_value(error) or not rows:
                raise
            self._commit_apart(rows, end, unchanged, error)
        self.at = end

    def _commit_apart(
        self, rows: Sequence[MeantRow], end: Position, unchanged: Sequence[int], error: DatabaseError
    ) -> None:
        """Where the database takes offence at a value: write all rows but the one with it."""
        if len(rows) == 1:
            (row,) = rows
            if not row.profile:
                raise error
            row.profile, row.reasons = None, [f"The database refuses the row: {str(error).splitlines()[0]}."]
            self._commit(rows, end, unchanged)
            return
        half = len(rows) // 2
        middle = rows[half - 1].raw.position
        before = bisect_right(unchanged, middle.line)
        self._commit(rows[:half], middle, unchanged[:before])
        self._commit(rows[half:], end, unchanged[before:])

    def _record(
        self, rows: Sequence[MeantRow], outcomes: list[Outcome], end: Position, unchanged: int
    ) -> None:
        counts = Counter[str](outcome.status for outcome in outcomes)
        counts["unchanged"] += unchanged
        good = [row for row in rows if row.profile]
        self._note_outcomes(good, outcomes)
        self._note_values(rows)
        refusals = [self._refusal(row) for row in rows if row.reasons]
        self.run.record(counts | {"refused": len(refusals)}, cursor=self._cursor(end), refusals=refusals)

    def _refusal(self, row: MeantRow) -> Refusal:
        return Refusal(
            [printable(reason, most=1_000) for reason in row.reasons],
            subject=printable(row.subject, most=1_024),
            line=row.raw.line,
            row=storable(self.original_of(row)),
        )

    def _note_outcomes(self, rows: Sequence[MeantRow], outcomes: Sequence[Outcome]) -> None:
        for row, outcome in zip(rows, outcomes, strict=True):
            row.reasons = outcome.reasons
            if outcome.differences:
                self.notes.note_changes(row.raw.line, outcome.distinct_id, outcome.differences)
            if outcome.is_repeated:
                self.notes.count(repeated=1)
            elif self.counts_nameless and outcome.status == "created" and not row.subject:
                self.notes.count(nameless=1)

    def _note_values(self, rows: Sequence[MeantRow]) -> None:
        for row in rows:
            if row.dropped:
                self.notes.note_dropped(row.raw.line, row.subject, row.dropped)
            if row.reasons:
                self.notes.note_refused(row.raw.line, row.subject, row.reasons)

    def _cursor(self, end: Position) -> dict[str, Any]:
        cursor: dict[str, Any] = {self._key: list(end)}
        if self.notes.is_new:
            cursor[self._key_of_notes] = self.notes.as_json()
            self.notes.is_new = False
        return cursor


def _is_fault_of_a_value(error: DatabaseError) -> bool:
    return str(getattr(error.__cause__, "sqlstate", None)).startswith(_FAULTS_OF_A_VALUE)
