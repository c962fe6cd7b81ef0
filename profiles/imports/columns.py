"""What the columns of a file mean: properties that exist, properties to register, and mistakes."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

from profiles.models import PropertyDefinition, PropertyKind, Workspace, label_of_key
from profiles.schema import Schema, guess_type

from .rows import RawRow, Unreadable

IGNORED = frozenset(
    {"line", "error", "id", "display_name", "identifiers", "sources", "created_at", "updated_at"},
)
"""What a file of rejected rows adds, what Profiles itself keeps, and what only an export has."""

CUSTOM = "custom."
_OWN_ID = "id"
_ID = "distinct_id"
_LISTED = 20


def path_of(name: str) -> str:
    """The path that a column or a key of JSON names; blanks around it or its parts mean nothing."""
    kind, dot, key = name.strip().partition(".")
    return f"{kind.rstrip()}.{key.lstrip()}" if dot else kind


def missing_id(paths: Collection[str]) -> str:
    """Why columns with an ID do not say whom a row is about, or nothing."""
    if _OWN_ID not in paths or _ID in paths:
        return ""
    return f"“{_OWN_ID}” is what Profiles itself calls a profile; the ID of a person goes into “{_ID}”."


def check_columns(paths: Collection[str], schema: Schema) -> list[str]:
    """The custom properties among `paths` that are not defined yet.

    Raises Unreadable for columns that are no property, with the closest ones that are.
    """
    unknown = [path for path in paths if schema.field(path) is None]
    if archived := [path for path in unknown if path in schema.archived]:
        raise Unreadable(f"Archived properties take no values: {', '.join(archived)}. Restore them first.")
    new = custom_among(unknown)
    if wrong := [path for path in unknown if path not in new]:
        raise Unreadable(_complaint(wrong, paths, schema))
    return new


def custom_among(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.startswith(CUSTOM) and len(path) > len(CUSTOM)]


def unknown_value(path: str, schema: Schema) -> str:
    """Why a row with a value at `path` is refused."""
    return f"There is no property {_with_suggestion(path, schema)}."


def definitions_of(
    paths: Sequence[str], rows: Iterable[RawRow], workspace: Workspace
) -> list[PropertyDefinition]:
    """Unsaved definitions of custom properties, with the types that their first values fit."""
    values: dict[str, list[Any]] = {path: [] for path in paths}
    for row in rows:
        for path in values.keys() & row.values.keys():
            values[path].append(row.values[path])
    return [
        PropertyDefinition(
            workspace=workspace,
            kind=PropertyKind.CUSTOM,
            key=path.removeprefix(CUSTOM),
            label=label_of_key(path.removeprefix(CUSTOM)),
            type=guess_type(found),
        )
        for path, found in values.items()
    ]


def _complaint(wrong: list[str], paths: Collection[str], schema: Schema) -> str:
    named = "; ".join(_with_suggestion(path, schema) for path in islice(wrong, _LISTED))
    more = f" and {len(wrong) - _LISTED} more" if len(wrong) > _LISTED else ""
    hint = (
        " Does the file have a header? Its first line has to name the columns. Of an export of another "
        "product, say which."
        if len(wrong) == len(paths)
        else " A column of your own needs “custom.” before its name."
    )
    return f"There is no property {named}{more}.{hint}"


def _with_suggestion(path: str, schema: Schema) -> str:
    shown = path if len(path) <= 80 else f"{path[:80]}…"
    wanted = path.lower().replace(" ", "_").replace("-", "_")
    close = get_close_matches(wanted, [*schema.fields, *schema.facts], n=2, cutoff=0.6)
    return f"“{shown}”" + (f" (did you mean {' or '.join(close)}?)" if close else "")
