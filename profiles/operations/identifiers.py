"""Other names of profiles: each belongs to one profile of its workspace and environment."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from profiles.models import Identifier, Workspace, identifier_id

from .rows import NewIdentifier, ProfileRow

# A name is looked for and then given; while we hold the lock of its stripe, nobody gives it to another
# profile in between. Stripes instead of a lock per name, because PostgreSQL keeps only a few thousand locks.
_STRIPES = 64
_LOCK = "SELECT pg_advisory_xact_lock(%s, stripe) FROM unnest(%s::int[]) AS stripe"


def hold_names(workspace: Workspace, rows: Sequence[ProfileRow]) -> dict[UUID, UUID]:
    """Which names of `rows` are given: identifier id to profile id. Nobody else gives any until we commit."""
    ids = {
        name_id(workspace, row, name) for row in rows for name in (*row.identifiers, *row.remove_identifiers)
    }
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [workspace.pk % 2**31, sorted({key.int % _STRIPES for key in ids})])
    return dict(Identifier.objects.filter(id__in=ids).values_list("id", "profile_id"))


def name_id(workspace: Workspace, row: ProfileRow, name: NewIdentifier) -> UUID:
    return identifier_id(
        workspace, row.environment, source=name.source, type=name.type, kind=name.kind, value=name.value
    )


def give_names(names: Sequence[Identifier]) -> None:
    """Store names that `hold_names` showed to be free."""
    if names:
        Identifier.objects.bulk_create(names, batch_size=len(names))


def take_names(ids: Sequence[UUID]) -> None:
    """Remove names that `hold_names` showed to be given."""
    if ids:
        Identifier.objects.filter(id__in=ids).delete()
