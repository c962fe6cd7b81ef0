"""One profile: its values, its history, and where each value comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from profiles.models import TEXT_COLUMNS, Profile, ProfileChange

# How far back the origin of a value is looked for: enough for years of changes, and a few milliseconds.
ORIGIN_DEPTH: Final = 1_000
CHANGES_PER_PAGE: Final = 25
_LARGEST_ID: Final = 2**63 - 1


def values_of(profile: Profile) -> dict[str, Any]:
    """The set values of default properties, channels and custom properties: path to JSON value."""
    values: dict[str, Any] = {key: value for key in TEXT_COLUMNS if (value := getattr(profile, key))}
    if profile.birthday:
        values["birthday"] = profile.birthday.isoformat()
    values |= {f"channel.{key}": value for key, value in profile.channels.items()}
    values |= {f"custom.{key}": value for key, value in profile.custom.items()}
    return values


@dataclass(frozen=True, slots=True)
class Origin:
    """The change that set a value: when, by which door and whom."""

    change: int
    at: datetime
    door: str
    actor: str


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the values of a profile come from, by path; `last_change` is the newest change of all.

    `is_partial` says that the history is longer than `ORIGIN_DEPTH` changes: what is missing is older.
    """

    by_path: dict[str, Origin]
    last_change: int
    is_partial: bool


# The index change_of_profile gives the newest changes.
_ORIGINS = """
    WITH recent AS (
        SELECT id, at, door, actor, new FROM profiles_profilechange
        WHERE profile_id = %(profile)s AND absorbed IS NULL ORDER BY id DESC LIMIT %(depth)s
    )
    SELECT DISTINCT ON (path) path, id, at, door, actor,
        (SELECT max(id) FROM recent), (SELECT count(*) FROM recent)
    FROM recent LEFT JOIN LATERAL jsonb_object_keys(new) AS path ON TRUE ORDER BY path, id DESC
"""


def origins_of(profile: Profile, *, depth: int = ORIGIN_DEPTH) -> Origins:
    with connection.cursor() as cursor:
        cursor.execute(_ORIGINS, {"profile": profile.pk, "depth": depth})
        rows = cursor.fetchall()
    by_path = {path: Origin(change, at, door, actor) for path, change, at, door, actor, *_ in rows if path}
    last_change, count = rows[0][-2:] if rows else (0, 0)
    return Origins(by_path, last_change, is_partial=count >= depth)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some changes, newest first; `newer` and `older` are the ids to go on from, None at the end."""

    changes: list[ProfileChange]
    newer: int | None
    older: int | None


def history_page(
    profile: Profile,
    *,
    about: str = "",
    before: int | None = None,
    after: int | None = None,
    size: int = CHANGES_PER_PAGE,
) -> HistoryPage:
    """The changes just before the change `before`, or just after `after`, or the newest."""
    changes = profile.changes.all()
    if about:
        changes = changes.none() if "\0" in about else changes.about(about)
    if after is not None:
        found = list(changes.filter(id__gt=min(after, _LARGEST_ID)).order_by("id")[: size + 1])
        page = found[:size][::-1]
        return HistoryPage(page, _id(page, 0) if len(found) > size else None, _id(page, -1))
    if before is not None:
        changes = changes.filter(id__lt=min(before, _LARGEST_ID))
    found = list(changes.order_by("-id")[: size + 1])
    page = found[:size]
    return HistoryPage(
        page,
        _id(page, 0) if before is not None else None,
        _id(page, -1) if len(found) > size else None,
    )


def _id(page: list[ProfileChange], position: int) -> int | None:
    return page[position].pk if page else None


def changes_since(profile: Profile, change: int, *, limit: int = 100) -> list[ProfileChange]:
    """What happened after the change with this id, newest first."""
    changes = profile.changes.all().own()
    return list(changes.filter(id__gt=max(0, min(change, _LARGEST_ID))).order_by("-id")[:limit])


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes with a profile when it is erased; counts stop at `MOST_COUNTED`."""

    changes: int
    identifiers: int


MOST_COUNTED: Final = 10_000


def belongings_of(profile: Profile) -> Belongings:
    return Belongings(
        changes=profile.changes.order_by()[:MOST_COUNTED].count(),
        identifiers=profile.identifiers.order_by()[:MOST_COUNTED].count(),
    )
