"""Selections: what a bulk action is about to touch, frozen at the click."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.http import QueryDict

from profiles.errors import Refused
from profiles.filters.profiles import LONGEST_QUERY, ProfileFilter
from profiles.models import Operator, Selection, Workspace
from profiles.models.profile import ProfileQuerySet

KEPT_FOR: Final = timedelta(days=7)
MOST_IDS: Final = 10_000


@transaction.atomic
def select(
    workspace: Workspace,
    *,
    operator: Operator,
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
    Selection.objects.filter(operator=operator, mark__lt=Now() - KEPT_FOR).delete()
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
    old_enough = filter_of(selection).matching().filter(created_at__lte=selection.mark)
    if selection.is_everything:
        return old_enough.exclude(pk__in=selection.exceptions)
    return old_enough.filter(pk__in=selection.ids)
