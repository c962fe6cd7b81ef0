"""What an operator does with one profile; each a thin verb over `write_profiles`, which keeps the history."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from profiles.errors import Refused
from profiles.models import Door, Operator, Profile, PropertyDefinition, PropertyType, Status, Workspace

from .properties import create_property
from .write import Outcome, ProfileRow, write_profiles


def create_profile(
    workspace: Workspace,
    *,
    distinct_id: str,
    environment: str,
    values: Mapping[str, Any],
    actor: Operator,
) -> Outcome:
    """Create a profile from validated values; an empty distinct ID asks for a new one."""
    row = ProfileRow(distinct_id=distinct_id, environment=environment, values=values)
    return write_profiles(workspace, [row], mode="create", source=Door.CONSOLE, actor=actor)[0]


def update_profile(
    profile: Profile, *, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None, actor: Operator
) -> Outcome:
    """Write validated values, unless one of them is no longer what the operator has `seen` (path to value).

    Where somebody else has meanwhile set the very value that is wanted, there is nothing to disagree about.
    """
    return _write(profile, ProfileRow(values=values, expected=seen), actor)


def disable(profile: Profile, *, actor: Operator) -> Outcome:
    """The profile receives nothing from now on; it is still stored, searched and updated."""
    return _write(profile, ProfileRow(values={"status": Status.DISABLED}), actor)


def activate(profile: Profile, *, actor: Operator) -> Outcome:
    return _write(profile, ProfileRow(values={"status": Status.ACTIVE}), actor)


def change_tags(
    profile: Profile, *, add: Sequence[str] = (), remove: Sequence[str] = (), actor: Operator
) -> Outcome:
    """Give and take tags by name, whatever others do to the rest of them meanwhile."""
    return _write(profile, ProfileRow(add_tags=add, remove_tags=remove), actor)


def _write(profile: Profile, row: ProfileRow, actor: Operator) -> Outcome:
    row.distinct_id, row.environment = profile.distinct_id, profile.environment
    return write_profiles(profile.workspace, [row], mode="update", source=Door.CONSOLE, actor=actor)[0]


@transaction.atomic
def add_property(
    profile: Profile, *, key: str, label: str, type: PropertyType, value: Any, actor: Operator
) -> PropertyDefinition:
    """Define a custom property and give the profile its validated value; None leaves what may be stored."""
    definition = create_property(profile.workspace, key=key, label=label, type=type, actor=actor)
    if value is not None:
        outcome = update_profile(profile, values={definition.path: value}, actor=actor)
        if outcome.status == "refused":
            raise Refused(" ".join(outcome.reasons))
    return definition
