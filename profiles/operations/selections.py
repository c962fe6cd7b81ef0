"""Selections: what a bulk action is about to touch, frozen at the click, and again when its job begins."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.http import QueryDict

from profiles.errors import Refused
from profiles.filters.profiles import LONGEST_QUERY, ProfileFilter
from profiles.models import Job, Operator, Selection, SelectionMember, Workspace
from profiles.models.profile import ProfileQuerySet

KEPT_FOR: Final = timedelta(days=7)
MOST_IDS: Final = 10_000

_FREEZE: Final = """
    INSERT INTO profiles_selectionmember (selection_id, profile_id, place)
    SELECT %s, found.id, row_number() OVER (ORDER BY found.stored_at) FROM ({found}) AS found
"""


class SelectionChanged(Refused):
    """Not as many profiles as were agreed to. `number` is how many there are now."""

    def __init__(self, agreed: int, number: int) -> None:
        super().__init__(
            f"You agreed to {profiles_in_words(agreed)}, but now there {'is' if number == 1 else 'are'} "
            f"{number:,}. Nothing was done. Please look again."
        )
        self.number = number


@transaction.atomic
def select(
    workspace: Workspace,
    *,
    operator: Operator | None,
    query: str,
    ids: Iterable[UUID] = (),
    is_everything: bool = False,
    exceptions: Iterable[UUID] = (),
) -> Selection:
    """Freeze what the operator chose: the ticked `ids`, or everything the filter finds but the `exceptions`.

    The mark is the database's clock now: profiles created later do not belong to the selection.
    """
    chosen = list(dict.fromkeys(exceptions if is_everything else ids))
    if not is_everything and not chosen:
        raise Refused("Tick at least one profile first.")
    if len(query) > 2 * LONGEST_QUERY or "\0" in query:
        raise Refused("This filter cannot be kept: it is too long. Shorten it and select again.")
    if len(chosen) > MOST_IDS:
        raise Refused(f"At most {MOST_IDS:,} profiles can be ticked one by one; select all matching instead.")
    clear_old_selections(operator)
    selection = Selection.objects.create(
        workspace=workspace,
        operator=operator,
        query=query,
        is_everything=is_everything,
        ids=[] if is_everything else chosen,
        exceptions=chosen if is_everything else [],
        mark=Now(),
    )
    selection.refresh_from_db()
    return selection


def clear_old_selections(operator: Operator | None) -> None:
    """But for those whose job has not ended, and the lists behind them."""
    awaited = Exists(
        Job.objects.active().filter(
            Q(selection=OuterRef("pk")) | Q(selection__drawn_from=OuterRef("pk")),
        )
    )
    old = Selection.objects.filter(operator=operator, mark__lt=Now() - KEPT_FOR)
    old.exclude(awaited).delete()


def copy_for_job(selection: Selection) -> Selection:
    """The same choice as a selection of its own, whose members are frozen for one job and go with it."""
    copy = Selection.objects.get(pk=selection.pk)
    if copy.is_list:
        copy.drawn_from, copy.is_list, copy.listed, copy.unknown_file = selection, False, {}, None
    copy.pk = None
    copy.save(force_insert=True)
    return copy


def filter_of(selection: Selection) -> ProfileFilter:
    """The filter as it was at the mark, where "the last 7 days" end."""
    return ProfileFilter(
        QueryDict(selection.query),
        workspace=selection.workspace,
        zone=selection.operator.zone if selection.operator else UTC,
        now=selection.mark,
    )


def selected(selection: Selection) -> ProfileQuerySet:
    """The profiles of a selection, in no order: of those chosen, what its filter finds, as old as the mark.

    A filter with a problem selects nobody.
    """
    if selection.is_list or selection.drawn_from_id:
        listed = SelectionMember.objects.filter(selection=selection.drawn_from_id or selection.pk)
        return fitting(selection).filter(pk__in=listed.values("profile_id"))
    if selection.is_everything:
        return fitting(selection).exclude(pk__in=selection.exceptions)
    return fitting(selection).filter(pk__in=selection.ids)


def fitting(selection: Selection) -> ProfileQuerySet:
    """The profiles that the selection's filter and mark allow, whichever of them were chosen."""
    return filter_of(selection).matching().filter(created_at__lte=selection.mark)


def freeze(selection: Selection) -> int:
    """Make everybody who is selected a member; returns how many there are. Once, in a transaction.

    They take their turns as they are stored: neighbours are changed half as fast again as people from all
    over the table.
    """
    people = selected(selection).order_by().annotate(stored_at=RawSQL("profiles_profile.ctid", []))
    try:
        found, values = people.values("id", "stored_at").query.sql_with_params()
    except EmptyResultSet:
        return 0
    statement = _FREEZE.format(found=found)
    with connection.cursor() as cursor:
        cursor.execute(statement, [selection.pk, *values])
        return int(cursor.rowcount)


def in_words(selection: Selection) -> str:
    """How the profiles were chosen, for people."""
    if selection.is_list or selection.drawn_from_id:
        listed = (selection.drawn_from or selection).listed
        given = listed.get("given", 0)
        return f"A list of {given:,} distinct ID{'' if given == 1 else 's'}"
    if not selection.is_everything:
        return f"{profiles_in_words(len(selection.ids))} ticked"
    words = "; ".join(part.label for part in filter_of(selection).parts)
    said = f"Filter: {words}" if words else "No filter: everybody in the workspace"
    left_out = len(selection.exceptions)
    return f"{said}; {profiles_in_words(left_out)} left out" if left_out else said


def profiles_in_words(number: int) -> str:
    return f"{number:,} {'profile' if number == 1 else 'profiles'}"
