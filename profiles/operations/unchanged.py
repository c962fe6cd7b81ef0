"""Rows that say nothing new, seen at one look: most rows of a file that is imported again are like that."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from profiles.models import Workspace, profile_id
from profiles.queries.prepared import fetch_all

from .state import READ, has_all, state_of

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
    for place, channels, custom, *columns in fetch_all(_LOOK, ["{" + ",".join(keys) + "}"]):
        values = rows[place][2]
        found[place] = values is not None and has_all(state_of(columns, channels, custom), values)
    others = {key for key, is_same in zip(keys, found, strict=True) if not is_same}
    return [is_same and key not in others for key, is_same in zip(keys, found, strict=True)]
