"""Changes to every profile of a selection, as a job."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from profiles.models import Job, Selection
from profiles.operations.changes import Change, change_of
from profiles.operations.rows import Outcome, ProfileRow
from profiles.operations.tags import register_tags
from profiles.operations.write import take_turn, write_profiles
from profiles.schema import Schema, schema_of

from .locking import Person, astray, locked
from .running import Refusal, Run
from .walking import Done, walk


def work(run: Run) -> None:
    walk(run, partial(_change, run.job, _Checked(run.job)))


@dataclass(slots=True)
class _Checked:
    """The job's change, checked again whenever the workspace's definitions have changed."""

    job: Job
    version: int = -1
    change: Change | None = None

    def now(self) -> tuple[Change, Schema]:
        """Raises Refused where the definitions no longer allow it."""
        workspace = self.job.workspace
        workspace.refresh_from_db(fields=["schema_version"])
        schema = schema_of(workspace)
        if self.change is None or self.version != workspace.schema_version:
            self.change = change_of(self.job.verb, self.job.parameters, schema)
            self.version = workspace.schema_version
        return self.change, schema


def _change(job: Job, checked: _Checked, selection: Selection, ids: list[str]) -> Done:
    change, schema = checked.now()
    take_turn(job.workspace)
    register_tags(job.workspace, change.add_tags)
    people = locked(selection, ids, property=change.property if change.rewrite else None)
    rows, unchanged, refusals = _rows(change, schema, people)
    outcomes = write_profiles(
        job.workspace, rows, mode="update", source=job.parameters["door"], actor=job.by, job=job
    )
    refusals += [_refusal(outcome) for outcome in outcomes if outcome.status == "refused"]
    refusals += astray(selection, ids, [person.id for person in people])
    counts = Counter(str(outcome.status) for outcome in outcomes)
    counts["unchanged"] += unchanged
    counts["refused"] = len(refusals)
    return Done(counts, refusals)


def _rows(
    change: Change, schema: Schema, people: list[Person]
) -> tuple[list[ProfileRow], int, list[Refusal]]:
    """What to write, how many need nothing, and whose new value does not fit."""
    made = [(person, change.row(person.environment, person.distinct_id, person.value)) for person in people]
    wanted = [(person, row) for person, row in made if row]
    unchanged = len(people) - len(wanted)
    if not change.rewrite:
        return [row for _, row in wanted], unchanged, []
    rows, refusals = [], []
    validated = schema.validate_many([row.values for _, row in wanted])
    for (person, row), found in zip(wanted, validated, strict=True):
        if found.is_valid:
            row.values = found.values
            rows.append(row)
        else:
            reasons = [error.message for error in found.errors]
            refusals.append(Refusal(reasons, person.distinct_id, row=_named(person.id)))
    return rows, unchanged, refusals


def _refusal(outcome: Outcome) -> Refusal:
    return Refusal(outcome.reasons, outcome.distinct_id, row=_named(outcome.id))


def _named(key: UUID | str) -> dict[str, Any]:
    return {"profile": str(key)}
