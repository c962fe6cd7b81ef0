"""A write that is done only where the profile is still as its writer saw it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from profiles.errors import Refused
from profiles.models import Actor, Workspace

from .identifiers import hold_names
from .rows import Mode, Outcome, ProfileRow
from .state import tags_in
from .tags import register_tags
from .write import take_turn, write_profiles

_LOCK: Final = "SELECT updated_at FROM profiles_profile WHERE id = %s FOR NO KEY UPDATE"


class ChangedMeanwhile(Refused):
    """Somebody else wrote the profile, or erased it, since."""

    def __init__(self) -> None:
        super().__init__("The profile was changed meanwhile. Read it again, and decide anew.")


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile as it was read: of two who saw the same version, one wins."""

    id: UUID
    updated_at: datetime


@transaction.atomic
def write_unless_changed(
    workspace: Workspace, row: ProfileRow, seen: Seen, *, mode: Mode, source: str, actor: Actor | None
) -> Outcome:
    """Write the row of that profile. Raises ChangedMeanwhile, and nothing is written then.

    Takes its turn as all writers do: names and new tags before the row, so that none waits in a circle.
    """
    take_turn(workspace)
    hold_names(workspace, [row])
    register_tags(workspace, tags_in([row]))
    hold_unchanged(seen)
    return write_profiles(workspace, [row], mode=mode, source=source, actor=actor)[0]


def hold_unchanged(seen: Seen) -> None:
    """Lock the profile until the end of the transaction. Raises ChangedMeanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [seen.id])
        found = cursor.fetchone()
    if not found or found[0] != seen.updated_at:
        raise ChangedMeanwhile
