"""Rows that say nothing new, seen at one look: most rows of a file that is imported again are like that."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from profiles.models import Workspace, profile_id
from profiles.queries.prepared import fetch_all

from .following import heirs_of, marks_of
from .state import READ, Person, has_all, state_of

# By primary key, one by one: see deciding.py. Nothing is locked, as nothing is to be written.
_LOOK: Final = f"""
    SELECT place - 1, channels::text, custom::text, {", ".join(READ)}
    FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (wanted_id, place)
    CROSS JOIN LATERAL (SELECT * FROM profiles_profile WHERE id = wanted_id OFFSET 0) AS found
"""

Said = tuple[str, str, Mapping[str, Any] | None]
"""Environment, distinct ID and validated values of a row; None instead of them where it asks for more."""


def unchanged_among(workspace: Workspace, rows: Sequence[Said]) -> list[bool]:
    """Which rows, as far as is plain, `write_profiles` would find unchanged in mode "update" or "upsert".

    That is not so for a profile that has another distinct ID by now, nor where another row might change it.
    The answer is as of one moment: a row is as good as written then, whatever others write behind it.
    """
    keys = [profile_id(workspace, environment, distinct_id).hex for environment, distinct_id, _ in rows]
    found = [False] * len(rows)
    stored = fetch_all(_LOOK, ["{" + ",".join(keys) + "}"])
    for place, channels, custom, *columns in stored:
        values = rows[place][2]
        found[place] = values is not None and has_all(state_of(columns, channels, custom), values)
    others = {key for key, is_same in zip(keys, found, strict=True) if not is_same}
    if len(stored) < len(rows):
        known = {place for place, *_ in stored}
        others |= _heirs(workspace, [row for place, row in enumerate(rows) if place not in known])
    return [is_same and key not in others for key, is_same in zip(keys, found, strict=True)]


def _heirs(workspace: Workspace, rows: Sequence[Said]) -> set[str]:
    """Whom the rows of people that nobody is any more would change: those who absorbed them."""
    has_absorbed, _ = marks_of(workspace)
    if not has_absorbed:
        return set()
    missing = [
        Person(profile_id(workspace, environment, distinct_id), environment, distinct_id)
        for environment, distinct_id, _ in rows
    ]
    return {heir.hex for heir, _ in heirs_of(workspace, missing).values()}
