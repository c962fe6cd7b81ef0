"""Who is meant by a distinct ID that nobody has: the profile that absorbed it, if there is one."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from django.db import connection

from profiles.models import IdentifierKind, Workspace, identifier_id

from .rows import NewIdentifier, ProfileRow
from .state import Person

T = TypeVar("T")
Heirs = Mapping[UUID, tuple[UUID, str]]
"""From the id that belongs to an absorbed distinct ID to the profile that has it now: id, distinct ID."""

_MARKS: Final = """
    SELECT has_absorbed, EXISTS (SELECT FROM profiles_erasedid WHERE workspace_id = workspace.id)
    FROM profiles_workspace workspace WHERE id = %s
"""
# By primary keys, one by one: for `id = ANY(...)` with thousands of ids PostgreSQL reads all of an index.
_HEIRS: Final = """
    SELECT name.id, heir.id, heir.distinct_id
    FROM unnest(%s::uuid[]) AS wanted (key)
    CROSS JOIN LATERAL (
        SELECT id, profile_id FROM profiles_identifier WHERE id = wanted.key OFFSET 0
    ) AS name
    JOIN profiles_profile heir ON heir.id = name.profile_id
"""


class Inherited(Exception):
    """Distinct IDs of a batch were absorbed: it has to begin again, with their heirs."""

    def __init__(self, heirs: Heirs) -> None:
        super().__init__()
        self.heirs = heirs


class HeirsGone(Exception):
    """Heirs of a batch were erased before they were locked: it has to begin again, without them."""

    def __init__(self, ids: Collection[UUID]) -> None:
        super().__init__()
        self.ids = ids


def following(write: Callable[[Heirs], T]) -> T:
    """The result of `write`, which begins again as often as it raises Inherited or HeirsGone; in a
    transaction of its own.

    To look for heirs before anybody is locked would cost every batch, and after it would lock out of order.
    An heir may have been absorbed meanwhile: who leads to those that are gone is looked for anew.
    """
    heirs: Heirs = {}
    while True:
        try:
            return write(heirs)
        except Inherited as found:
            gone = found.heirs
            heirs = {key: heir for key, heir in heirs.items() if heir[0] not in gone} | {**gone}
        except HeirsGone as found:
            heirs = {key: heir for key, heir in heirs.items() if heir[0] not in found.ids}


def insist_on(heirs: Heirs, people: Iterable[Person]) -> None:
    """Raise HeirsGone where one of the locked people is missing who is an heir, lest a write to the absorbed
    distinct ID brings them back."""
    missing = {person.id for person in people if not person.exists}
    if gone := missing.intersection(key for key, _ in heirs.values()):
        raise HeirsGone(gone)


def heirs_of(workspace: Workspace, people: Iterable[Person]) -> Heirs:
    """Who has the distinct IDs of these people by now."""
    names = {
        identifier_id(
            workspace, person.environment, kind=IdentifierKind.DISTINCT_ID.value, value=person.distinct_id
        ): person.id
        for person in people
    }
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, ["{" + ",".join([key.hex for key in names]) + "}"])
        return {names[key]: (heir, distinct_id) for key, heir, distinct_id in cursor.fetchall()}


def marks_of(workspace: Workspace) -> tuple[bool, bool]:
    """Whether distinct IDs were absorbed in the workspace, and whether some are refused there; as of now."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [workspace.pk])
        has_absorbed, has_denied = cursor.fetchone()
        return has_absorbed, has_denied


def mark_absorbing(workspace: Workspace) -> None:
    """From now on, distinct IDs of the workspace may be absorbed ones. To be called before `take_turn`."""
    Workspace.objects.filter(pk=workspace.pk, has_absorbed=False).update(has_absorbed=True)


def absorbs(rows: Sequence[ProfileRow]) -> bool:
    """Whether a row gives its profile a distinct ID as another name."""
    return any(_is_distinct_id(name) for row in rows if row.identifiers for name in row.identifiers)


def _is_distinct_id(name: NewIdentifier) -> bool:
    return name.kind == IdentifierKind.DISTINCT_ID and not name.source and not name.type
