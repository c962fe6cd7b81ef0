"""What hangs on a profile moves to another one: its history, and the merges into it."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from profiles.models import Merge, ProfileChange

# Written anew instead of updated, since the profile's id is what these tables could be sharded by. The
# indexes that begin with the profile's id find the rows.
_COPY: Final = """
    INSERT INTO {table} (profile_id, {columns})
    SELECT %(new)s, {values} FROM {table} WHERE profile_id = %(old)s AND {condition}
"""
_REMOVE: Final = "DELETE FROM {table} WHERE profile_id = %(old)s AND {condition}"
_ABSORBED: Final = "absorbed = ANY(%(absorbed)s)"


def absorb_history(old: UUID, new: UUID) -> None:
    """The whole history of `old` to `new`, where each change says whose it was."""
    _move(ProfileChange, {"old": old, "new": new}, absorbed="coalesce(absorbed, %(old)s)")


def return_history(holder: UUID, absorbed: UUID, others: Sequence[UUID]) -> None:
    """The history of `absorbed` back from `holder`, with that of the `others` that it had absorbed itself."""
    keys = [absorbed, *others]
    _move(
        ProfileChange,
        {"old": holder, "new": absorbed, "absorbed": keys},
        _ABSORBED,
        absorbed="nullif(absorbed, %(new)s)",
    )


def move_history(old: UUID, new: UUID) -> None:
    """The whole history, which stays the profile's own."""
    _move(ProfileChange, {"old": old, "new": new})


def disown_history(holder: UUID, former: UUID) -> None:
    """What the holder has from a profile whose id it got itself now counts as from its `former` id."""
    ProfileChange.objects.filter(profile=holder, absorbed=holder).update(absorbed=former)


def move_merges(old: UUID, new: UUID) -> None:
    _move(Merge, {"old": old, "new": new})


def return_merges(holder: UUID, absorbed: UUID, others: Sequence[UUID]) -> None:
    """The merges of the `others` back from `holder`."""
    _move(Merge, {"old": holder, "new": absorbed, "absorbed": list(others)}, _ABSORBED)


def _move(
    model: type[models.Model], parameters: dict[str, Any], condition: str = "true", **computed: str
) -> None:
    columns = [str(field.column) for field in model._meta.concrete_fields if field.column != "profile_id"]
    parts = {
        "table": model._meta.db_table,
        "columns": ", ".join(columns),
        "values": ", ".join(computed.get(column, column) for column in columns),
        "condition": condition,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COPY.format(**parts), parameters)
        cursor.execute(_REMOVE.format(**parts), parameters)
