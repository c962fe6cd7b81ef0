"""The columns that an export may have: all of the listing, and a few more."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from profiles.errors import Refused
from profiles.models import PropertyType, Workspace
from profiles.queries.columns import Column, columns_of

ALWAYS: Final = ("distinct_id", "environment")
"""They say who a row is about, so that the file can be imported again."""

IDENTIFIERS: Final = "identifiers"

# Not among "all": an import ignores them.
EXTRAS: Final = (
    Column("display_name", "Name as shown", PropertyType.TEXT, "display_name"),
    Column(IDENTIFIERS, "Other identifiers", PropertyType.TEXT, IDENTIFIERS),
    Column("id", "Internal ID", PropertyType.TEXT, "id"),
)


def export_columns(workspace: Workspace) -> dict[str, Column]:
    """By path, in the order of the listing's chooser; the EXTRAS last.

    Unlike in the listing, `name` is what is stored: the name as shown may be made of first and last name.
    """
    columns = [
        column if column.key else replace(column, source=path)
        for path, column in columns_of(workspace).items()
    ]
    ordered = sorted(columns, key=lambda column: column.path not in ALWAYS)
    return {column.path: column for column in (*ordered, *EXTRAS)}


def all_paths(columns: Mapping[str, Column]) -> list[str]:
    """What "all" means."""
    extras = {column.path for column in EXTRAS}
    return [path for path in columns if path not in extras]


def read_paths(paths: Iterable[str], columns: Mapping[str, Column]) -> list[Column]:
    """The columns at `paths` in their order, after those that are ALWAYS there.

    Raises Refused for paths that do not exist, with the closest ones that do.
    """
    wanted = list(dict.fromkeys([*ALWAYS, *paths]))
    if unknown := [path for path in wanted if path not in columns]:
        raise Refused(f"There is no column {'; '.join(_with_suggestion(path, columns) for path in unknown)}.")
    return [columns[path] for path in wanted]


def _with_suggestion(path: str, columns: Mapping[str, Column]) -> str:
    close = get_close_matches(path, columns, n=2, cutoff=0.6)
    return f"“{path[:80]}”" + (f" (did you mean {' or '.join(close)}?)" if close else "")
