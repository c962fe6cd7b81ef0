"""One row of a file, before anything is known about its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from profiles.errors import Refused

LONGEST_ROW = 2**20
"""Characters that one row may have, which bounds the memory that any file can ask for."""


class Unreadable(Refused):
    """Nothing of the file can be imported. Raised before anything is written."""


class Damaged(Refused):
    """The file cannot be read any further; what came before is fine."""


class Position(NamedTuple):
    """A place between two rows, from which a file can be read on.

    `line` is the last line that was read: of text a line, of a workbook a row, of other products' exports a
    record. `offset` counts the bytes before the place, unpacked; 0 where nobody knows.
    """

    line: int
    offset: int = 0


class RawIdentifier(NamedTuple):
    """Another name of the person, as a file gives it."""

    value: str
    kind: str
    source: str = ""
    type: str = ""


_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class RawRow:
    """`values` maps paths to raw values; what the file leaves empty is absent.

    `line` is where the row starts in the file, counted from 1, `last` where it ends, and `end` the offset
    after it. `problem` is why it cannot be taken at all, `unread` why values at some paths cannot.
    `original` is what a file of rejected rows repeats: fields of a table, an object of JSON, or text.
    """

    line: int
    original: Any
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    size: int = 0
    last: int = 0
    end: int = 0
    identifiers: tuple[RawIdentifier, ...] = ()
    unread: Mapping[str, str] = field(default_factory=lambda: _NONE)

    @property
    def position(self) -> Position:
        return Position(self.last or self.line, self.end)
