"""What a bulk change would make of some of the profiles: the same decisions, and nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from profiles.models import Door, Profile, Selection, Workspace
from profiles.queries.profile import values_of
from profiles.queries.selections import holding, some_of
from profiles.schema import Field, Schema, schema_of

from .changes import Change
from .deciding import LOOK, Batch
from .rows import Outcome, ProfileRow
from .selections import selected

EXAMPLES: Final = 10
# Of those that seem to hold what is sought some do not, such as where a whole value is meant.
_CANDIDATES: Final = 200


@dataclass(frozen=True, slots=True)
class Example:
    """One profile before and after; `reasons` say why it would be refused."""

    profile: Profile
    old: Any
    new: Any
    reasons: Sequence[str] = ()

    @property
    def is_same(self) -> bool:
        return not self.reasons and bool(self.old == self.new)


def examples_of(selection: Selection, change: Change, property: Field) -> list[Example]:
    """Ten of the selected profiles with their `property` before and after; fewer where time runs out.

    Where something is replaced, those in which it is found.
    """
    people = selected(selection)
    if change.rewrite:
        find, is_case_sensitive = change.parameters["find"], change.parameters["is_case_sensitive"]
        people = holding(people, property, find, is_case_sensitive=is_case_sensitive)
    schema = schema_of(selection.workspace)
    pairs: list[tuple[Profile, Any, ProfileRow]] = []
    for profile in some_of(people, _CANDIDATES if change.rewrite else EXAMPLES):
        old = values_of(profile).get(property.path)
        if len(pairs) < EXAMPLES and (row := change.row(profile.environment, profile.distinct_id, old)):
            pairs.append((profile, old, row))
    misfits = [_fitted(schema, row) for _, _, row in pairs]
    outcomes = _outcomes(selection.workspace, [row for _, _, row in pairs])
    return [
        Example(profile, old, row.values[property.path], misfit or outcome.reasons)
        for (profile, old, row), misfit, outcome in zip(pairs, misfits, outcomes, strict=True)
    ]


def _fitted(schema: Schema, row: ProfileRow) -> list[str]:
    """Validate a new value as the job does: what does not fit stays as it is, and why is returned."""
    found = schema.validate(row.values)
    if found.is_valid:
        row.values = found.values
    return [error.message for error in found.errors]


def _outcomes(workspace: Workspace, rows: Sequence[ProfileRow]) -> list[Outcome]:
    """What `write_profiles` would answer."""
    batch = Batch(workspace, rows, mode="update", source=Door.CONSOLE, actor=None)
    named = batch.named()
    batch.read(LOOK)
    return [batch.outcome(row, person) for row, person in named]
