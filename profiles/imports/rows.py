"""One row of a file, before anything is known about its values."""

from dataclasses import dataclass, field
from typing import Any

from profiles.errors import Refused

LONGEST_ROW = 2**20
"""Characters that one row may have, which bounds the memory that any file can ask for."""


class Unreadable(Refused):
    """Nothing of the file can be imported. Raised before anything is written."""


class Damaged(Refused):
    """The file cannot be read any further; what came before is fine."""


@dataclass(slots=True)
class RawRow:
    """`values` maps paths to raw values; what the file leaves empty is absent.

    `line` is where the row starts in the file, counted from 1. `problem` is why it cannot be taken at all.
    `original` is what a file of rejected rows repeats: fields of CSV, an object of JSON, or text.
    """

    line: int
    original: Any
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    size: int = 0
