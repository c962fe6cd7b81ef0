"""Writes and deletions of some profiles in the order in which they are given; or what they would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal
from uuid import UUID

from django.db import transaction

from profiles.models import Actor, Identifier, Workspace
from profiles.queries.names import find_profiles

from .deciding import LOOK, Batch
from .erase import erase_profiles
from .following import Heirs, following
from .identifiers import name_id
from .rows import Mode, Outcome, ProfileRow
from .state import tags_in
from .tags import spelling_of
from .write import write_profiles

Deed = Mode | Literal["delete"]


@dataclass(slots=True)
class Item:
    """What to do with a profile; to delete it takes no more than its distinct ID and environment."""

    deed: Deed
    row: ProfileRow


@dataclass(slots=True)
class Result:
    """What became of an item, or would; `reasons` for those that are refused."""

    status: Literal["created", "updated", "unchanged", "deleted", "refused"]
    id: UUID | None
    distinct_id: str
    changed: Sequence[str] = ()
    reasons: Sequence[str] = field(default_factory=list)


def write_in_turn(
    workspace: Workspace, items: Sequence[Item], *, source: str, actor: Actor | None
) -> list[Result]:
    """Deal with the items, one result each. Neighbours with the same deed are one transaction."""
    results: list[Result] = []
    for deed, neighbours in groupby(items, key=lambda item: item.deed):
        rows = [item.row for item in neighbours]
        if deed == "delete":
            results += _delete(workspace, rows, source=source, actor=actor)
        else:
            outcomes = write_profiles(workspace, rows, mode=deed, source=source, actor=actor)
            results += map(_result, outcomes)
    return results


def rehearse(
    workspace: Workspace, items: Sequence[Item], *, source: str, actor: Actor | None
) -> list[Result]:
    """The results that `write_in_turn` would have; nothing is locked or written."""
    rows = [item.row for item in items]

    def look(heirs: Heirs) -> list[Result]:
        return _Rehearsal(workspace, rows, "upsert", source, actor, heirs=heirs).results(items)

    return following(look)


class _Rehearsal(Batch):
    """A batch that is looked up and decided, and not stored; each row in a mode of its own."""

    __slots__ = ()

    @transaction.atomic
    def results(self, items: Sequence[Item]) -> list[Result]:
        named = self.named()
        self._look_up_names()
        self.spelling = spelling_of(self.workspace, {tag.lower() for tag in tags_in(self.rows)})
        self.read(LOOK)
        self.note_missing()
        results = []
        for item, (row, person) in zip(items, named, strict=True):
            if item.deed == "delete":
                results.append(_deleted(row, person.id if person.exists else None))
                self._forget(person.id)
            else:
                self.mode = item.deed
                results.append(_result(self.outcome(row, person)))
        return results

    def _look_up_names(self) -> None:
        names = [name_id(self.workspace, row, name) for row in self.rows for name in row.identifiers]
        if names:
            self.holders = dict(Identifier.objects.filter(id__in=names).values_list("id", "profile_id"))

    def _forget(self, key: UUID) -> None:
        person = self.people[key]
        person.exists, person.state, person.sources = False, {}, []
        self.holders = {name: holder for name, holder in self.holders.items() if holder != key}


def _delete(
    workspace: Workspace, rows: Sequence[ProfileRow], *, source: str, actor: Actor | None
) -> list[Result]:
    """Each profile is deleted by the first row that names it, be it by an absorbed distinct ID."""
    found: dict[tuple[str, str], UUID] = {}
    for environment in {row.environment for row in rows}:
        names = [row.distinct_id for row in rows if row.environment == environment]
        people = find_profiles(workspace, environment, names)
        found |= {(environment, name): profile.pk for name, profile in people.items()}
    left = set(found.values())
    if left:
        erase_profiles(workspace, left, source=source, actor=actor)
    results = []
    for row in rows:
        key = found.get((row.environment, row.distinct_id))
        results.append(_deleted(row, key if key in left else None))
        if key:
            left.discard(key)
    return results


def _deleted(row: ProfileRow, key: UUID | None) -> Result:
    if key:
        return Result("deleted", key, row.distinct_id)
    reason = f"There is no {row.environment} profile with the distinct ID “{row.distinct_id}”."
    return Result("refused", None, row.distinct_id, reasons=[reason])


def _result(outcome: Outcome) -> Result:
    return Result(outcome.status, outcome.id, outcome.distinct_id, outcome.changed, outcome.reasons)
