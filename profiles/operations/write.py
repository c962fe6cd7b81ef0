"""The one way in: every write of a profile, from any door, goes through `write_profiles`.

For one profile that was just read it has a short cut: see known.py.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from profiles.models import Actor, Job, Workspace
from profiles.queries.prepared import run
from profiles.queries.records import Record

from .copying import copy_rows
from .deciding import LOCK, Batch, turn_of
from .following import Heirs, absorbs, following, insist_on, mark_absorbing
from .identifiers import give_names, hold_names, take_names
from .rows import Mode, NewIdentifier, Outcome, ProfileRow, Step
from .state import NEW_COLUMNS, Person, new_line_of, tags_in
from .tags import register_tags
from .updates import columns_of, update_few, update_people

__all__ = ["NewIdentifier", "Outcome", "ProfileRow", "Step", "take_turn", "write_profiles"]

# Writers of a workspace share this lock. One that was overtaken in creating a profile tries again, and alone
# if that goes on: who holds other locks of the transaction that it is in would make others wait in a circle.
_TRIES: Final = 5
_SHARE: Final = "SELECT pg_advisory_xact_lock_shared({}, -1)"
_ALONE: Final = "SELECT pg_advisory_xact_lock({}, -1)"


class _Overtaken(Exception):
    """Somebody else created one of the batch's profiles between our look and our insert."""


def write_profiles(
    workspace: Workspace,
    rows: Sequence[ProfileRow],
    *,
    mode: Mode,
    source: str,
    actor: Actor | None,
    job: Job | None = None,
) -> list[Outcome]:
    """Write validated rows, and their history, in one transaction; one outcome per row, in order.

    `mode`: "create" refuses profiles that exist, "update" refuses those that do not, "upsert" takes both,
    "replace" does too and clears what a row does not give (but for archived properties). The same profile may
    come more than once: later rows apply on top of earlier ones. What does not differ is not written, and a
    profile that does not change gets no history, which names the `job` if there is one. A row for a distinct
    ID that was absorbed goes to the profile that has it now. The number of statements does not depend on the
    number of rows.
    """

    def write(heirs: Heirs) -> list[Outcome]:
        for _ in range(_TRIES):
            try:
                with transaction.atomic():
                    return _Writing(workspace, rows, mode, source, actor, job, heirs).write(_SHARE)
            except _Overtaken:
                continue
        with transaction.atomic():
            return _Writing(workspace, rows, mode, source, actor, job, heirs).write(_ALONE)

    return following(write)


def take_turn(workspace: Workspace, *, alone: bool = False) -> None:
    """Take a writer's turn early: for who looks or locks before calling `write_profiles` in one transaction.

    All writers take their turn first, then names and new tags, then rows: so none waits in a circle. `alone`
    keeps every other writer of the workspace waiting until the transaction ends.
    """
    _take(_ALONE if alone else _SHARE, workspace)


def _take(turn: str, workspace: Workspace) -> None:
    run(turn.format(turn_of(workspace)))


class _Writing(Batch):
    """A batch that waits for its turn, locks, decides and stores."""

    __slots__ = ()

    def write(self, turn: str) -> list[Outcome]:
        """Wait for our `turn` (_SHARE or _ALONE), then work; raises _Overtaken, Inherited or HeirsGone."""
        if absorbs(self.rows):
            mark_absorbing(self.workspace)
        _take(turn, self.workspace)
        named = self.named()
        self.holders = hold_names(self.workspace, self.rows)
        self.spelling = register_tags(self.workspace, tags_in(self.rows))
        self.read(LOCK)
        self.note_missing()
        if self.heirs:
            insist_on(self.heirs, self.people.values())
        outcomes = [self.outcome(row, person) for row, person in named]
        if stored := self._store():
            for outcome in outcomes:
                outcome.record = stored.get(outcome.id)
        take_names(self.taken)
        give_names(self.given)
        return outcomes

    def _store(self) -> dict[UUID, Record]:
        """Returns the rows of those who changed, by id, where they are few."""
        dirty = sorted([person for person in self.people.values() if person.is_dirty], key=_by_id)
        self._insert([person for person in dirty if not person.is_stored])
        stored, columns = [person for person in dirty if person.is_stored], columns_of(self.touched)
        if stored and self.changes and (history := self.history()).is_short:
            return {row.id: row for row in update_few(stored, columns, history, at=self.at)}
        if stored:
            update_people(stored, columns, at=self.at)
        if self.changes:
            self.history().record()
        return {}

    def _insert(self, people: list[Person]) -> None:
        if not people:
            return
        workspace = str(self.workspace.pk)
        lines = [new_line_of(person, workspace=workspace) for person in people]
        try:
            copy_rows("profiles_profile", NEW_COLUMNS, lines)
        except IntegrityError as error:
            if isinstance(error.__cause__, UniqueViolation):
                raise _Overtaken from error
            raise


def _by_id(person: Person) -> int:
    return person.id.int
