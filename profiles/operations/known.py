"""A write of a profile that was just read: in a single statement, where nobody has changed it since."""

from profiles.models import Actor, Workspace
from profiles.queries.records import Record

from .deciding import Batch, turn_of
from .rows import Mode, Outcome, ProfileRow
from .state import state_of_record
from .updates import columns_of, update_known


def write_known(
    workspace: Workspace, row: ProfileRow, known: Record, *, mode: Mode, source: str, actor: Actor | None
) -> Outcome | None:
    """What `write_profiles` does with the row, for half of the work; the outcome has its `record`.

    None where that cannot be said so quickly (names, new tags, steps, a refusal), or where the profile is
    another one than the `known` by now: nothing is written then, and `write_profiles` has to.
    """
    batch = Batch(workspace, [row], mode, source, actor)
    ((_, person),) = batch.named()
    if person.id != known.id or not _is_simple(row, mode):
        return None
    person.state, person.sources = state_of_record(known), known.sources
    person.exists = person.is_stored = True
    outcome = batch.outcome(row, person)
    if outcome.status == "updated":
        outcome.record = update_known(
            person,
            columns_of(batch.touched),
            batch.history(),
            at=batch.at,
            turn=turn_of(workspace),
            seen=known.updated_at,
        )
    elif outcome.status == "unchanged":
        outcome.record = known
    return outcome if outcome.record else None


def _is_simple(row: ProfileRow, mode: Mode) -> bool:
    """Whether there is nothing to look up or to lock but the profile itself."""
    names = row.identifiers or row.remove_identifiers
    tags = row.add_tags or row.remove_tags or row.values.get("tags")
    return mode in ("update", "upsert") and not (names or tags or row.steps or row.expected or row.passage)
