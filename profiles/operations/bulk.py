"""What is done to many profiles at once, in the request: to LIMIT of them at most.

Each deed is told how many profiles the operator agreed to. If another number is found now, nothing is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from profiles.errors import Refused
from profiles.models import (
    AuditEntry,
    DeletionReceipt,
    Door,
    Operator,
    Selection,
    Status,
    Workspace,
)
from profiles.schema import schema_of

from .erase import erase_profiles
from .selections import selected
from .tags import register_tags
from .write import Outcome, ProfileRow, take_turn, write_profiles

LIMIT: Final = 1_000


class SelectionChanged(Refused):
    """Not as many profiles as were agreed to. `number` is how many there are now."""

    def __init__(self, agreed: int, number: int) -> None:
        super().__init__(
            f"You agreed to {agreed:,} {_profiles(agreed)}, but now there {'is' if number == 1 else 'are'} "
            f"{number:,}. Nothing was done. Please look again."
        )
        self.number = number


@dataclass(frozen=True, slots=True)
class Done:
    """How many were changed, were as wanted already, and were refused with the reasons."""

    changed: int
    unchanged: int
    refused: int
    reasons: list[str]


def tag(selection: Selection, *, tags: Sequence[str], agreed: int, actor: Operator) -> Done:
    """`tags`: a list, or text with ; between them."""
    names = _names(selection.workspace, tags)
    return _write(selection, "tag", {"add_tags": names}, agreed, actor, details={"tags": names})


def untag(selection: Selection, *, tags: Sequence[str], agreed: int, actor: Operator) -> Done:
    names = _names(selection.workspace, tags)
    return _write(selection, "untag", {"remove_tags": names}, agreed, actor, details={"tags": names})


def disable(selection: Selection, *, agreed: int, actor: Operator) -> Done:
    """They receive nothing from now on; they are still stored, searched and updated."""
    return _write(selection, "disable", {"values": {"status": Status.DISABLED.value}}, agreed, actor)


def activate(selection: Selection, *, agreed: int, actor: Operator) -> Done:
    return _write(selection, "activate", {"values": {"status": Status.ACTIVE.value}}, agreed, actor)


@transaction.atomic
def delete(selection: Selection, *, agreed: int, actor: Operator, reason: str = "") -> DeletionReceipt:
    """Erase them for good. The receipt and the audit entry are `erase_profiles`' own."""
    people = _agreed(selection, agreed)
    receipt = erase_profiles(
        selection.workspace,
        [pk for pk, _, _ in people],
        source=Door.CONSOLE,
        actor=actor,
        reason=reason,
        filter=selection.query,
    )
    if receipt.count != agreed:
        raise SelectionChanged(agreed, receipt.count)
    return receipt


def _names(workspace: Workspace, tags: Sequence[str]) -> list[str]:
    found = schema_of(workspace).validate({"tags": tags})
    if not found.is_valid:
        raise Refused(" ".join(error.message for error in found.errors))
    names: list[str] = found.values["tags"]
    if not names:
        raise Refused("Name at least one tag.")
    return names


@transaction.atomic
def _write(
    selection: Selection,
    verb: str,
    change: dict[str, Any],
    agreed: int,
    actor: Operator,
    details: dict[str, Any] | None = None,
) -> Done:
    take_turn(selection.workspace)
    register_tags(selection.workspace, change.get("add_tags", ()))
    rows = [
        ProfileRow(distinct_id=distinct_id, environment=environment, **change)
        for _, environment, distinct_id in _agreed(selection, agreed)
    ]
    outcomes = write_profiles(selection.workspace, rows, mode="update", source=Door.CONSOLE, actor=actor)
    done = _summed(outcomes)
    AuditEntry.objects.create(
        workspace=selection.workspace,
        operator=actor,
        actor=actor.get_username(),
        verb=verb,
        subject=f"{agreed:,} {_profiles(agreed)}",
        details={"filter": selection.query, "changed": done.changed, **(details or {})},
    )
    return done


def _agreed(selection: Selection, agreed: int) -> list[tuple[UUID, str, str]]:
    """Identity of each selected profile: exactly as many as agreed, or nothing is done.

    They are locked in the order of `write_profiles`; one that somebody else is just changing is looked at
    again, and counts only if it is still found. The ids come first, because the planner would look for
    the rows of a rare filter in the order of the locks, through the whole table.
    """
    people = selected(selection)
    ids = list(people.order_by().values_list("pk", flat=True)[: LIMIT + 1])
    if len(ids) > LIMIT:
        raise Refused(TOO_MANY)
    locked = people.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    found = list(locked.values_list("pk", "environment", "distinct_id"))
    if len(found) != agreed:
        raise SelectionChanged(agreed, len(found))
    return found


TOO_MANY: Final = (
    f"More than {LIMIT:,} profiles are selected, and up to {LIMIT:,} can be changed at once: narrow the "
    "filter or tick fewer."
)


def _summed(outcomes: Sequence[Outcome]) -> Done:
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    changed = sum(outcome.status == "updated" for outcome in outcomes)
    reasons = list(dict.fromkeys(reason for outcome in refused for reason in outcome.reasons))
    return Done(changed, len(outcomes) - changed - len(refused), len(refused), reasons)


def _profiles(number: int) -> str:
    return "profile" if number == 1 else "profiles"
