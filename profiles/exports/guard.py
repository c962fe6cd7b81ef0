"""Cells that a spreadsheet would take for a formula, and how they are made harmless.

The rule: a cell that begins with one of `= + - @`, a tab or a return, whatever number of apostrophes stands
before it, gets one more apostrophe in front. An import takes one away from such a cell, so that every text
comes back as it was, also one that began with apostrophes. Cells of numbers, lists of numbers, places and
phones stay as they are where they consist of digits, signs and separators: computing them harms nobody.
"""

import re
from typing import Final

from profiles.models import PropertyType
from profiles.queries.columns import Column

_NUMERIC: Final = frozenset(
    {
        PropertyType.NUMBER,
        PropertyType.INTEGER,
        PropertyType.NUMBER_LIST,
        PropertyType.GEO,
        PropertyType.PHONE,
    }
)
_NEVER: Final = frozenset({"status", "environment", "birthday", "created_at", "updated_at", "last_seen_at"})
"""Sources whose column in the database, or its constraint, takes no text at all."""

_NUMBERS: Final = "^[-+0-9.,; ]+$"
# Most cells are passed by a look at their first character: a letter, or a digit (48 to 57). With all of them
# looked at by a regular expression, an export would take half as long again.
_GUARDED: Final = """CASE
    WHEN ascii({cell}) > 64 THEN {cell}
    WHEN ascii({cell}) BETWEEN 48 AND 57 THEN {cell}
    WHEN {cell} = '' THEN NULL{unless}
    WHEN {cell} ~ E'^\\'*[=+@\\t\\r-]' THEN '''' || {cell}
    ELSE {cell} END"""
_FORMULA: Final = re.compile("'*[=+@\t\r-]")


def guarded(cell: str, column: Column) -> str:
    """SQL for the cell made harmless, NULL where it is empty; `cell` is the name of a column of type text."""
    if column.source in _NEVER:
        return cell
    unless = f"\n    WHEN {cell} ~ '{_NUMBERS}' THEN {cell}" if column.type in _NUMERIC else ""
    return guarded_in_sql(cell, unless=unless)


def guarded_in_sql(cell: str, *, unless: str = "") -> str:
    """The same for what is no property; `unless` is a case of cells that stay as they are, too."""
    return _GUARDED.format(cell=cell, unless=unless)


def unguarded(cell: str, column: Column) -> str:
    return f"nullif({cell}, '')"


def guarded_text(text: str) -> str:
    """A text made harmless by the same rule, where it is not the database that writes the cell."""
    return f"'{text}" if _FORMULA.match(text) else text
