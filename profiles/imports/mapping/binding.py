"""A mapping made ready for one header: what can be decided before the rows come is decided before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..rows import RawIdentifier, RawRow
from .cells import converter_for
from .unfit import Unfit

if TYPE_CHECKING:
    from .mapping import ColumnMapping

_IDENTIFIER = "identifier."


class BoundMapping:
    """`header` are the columns, `paths` those that get values, `ignored` the columns that go nowhere."""

    def __init__(
        self, header: Sequence[str], columns: Sequence[ColumnMapping], *, clears: bool, is_text: bool
    ) -> None:
        self.header = list(header)
        self.targets = {each.column: each.to for each in columns if each.to}
        self.paths = [each.to for each in columns if each.to and not each.to.startswith(_IDENTIFIER)]
        self.ignored = {name for name in header if name not in self.targets}
        self._clears = clears
        self._values = (
            (_values_cleared if clears else _values)
            if not is_text
            else (_texts_cleared if clears else _texts)
        )
        self._taken = [
            (index, self.targets[name]) for index, name in enumerate(header) if name in self.targets
        ]
        self._converters = [
            (each.to, each.column, convert)
            for each in columns
            if each.to
            and (
                convert := converter_for(
                    dates=each.dates,
                    numbers=each.numbers,
                    separator=each.separator,
                    prefix=each.prefix,
                    words=each.words,
                )
            )
        ]
        self._identifiers = [
            (each.to, each.to.removeprefix(_IDENTIFIER))
            for each in columns
            if each.to.startswith(_IDENTIFIER)
        ]

    def values(self, fields: Sequence[Any]) -> dict[str, Any]:
        """The cells of a row that are not blank, by path."""
        return self._values(self._taken, fields)

    @property
    def completes(self) -> bool:
        """Whether there is anything for `complete` to do."""
        return bool(self._converters or self._identifiers)

    def complete(self, row: RawRow) -> None:
        """Read the values as they are written, and take out the identifiers."""
        self._convert(row)
        self._name(row)

    def read_named(self, row: RawRow, fields: dict[str, Any]) -> None:
        """The same for fields that bear names; those that no column of the mapping has are ignored."""
        targets = self.targets
        named = [(targets[name], value) for name, value in fields.items() if name in targets]
        if len(named) < len(fields):
            self.ignored.update(fields.keys() - targets.keys())
        row.values = {
            path: None if is_blank(value) else value
            for path, value in named
            if self._clears or value is None or not is_blank(value)
        }
        self.complete(row)

    def _convert(self, row: RawRow) -> None:
        values = row.values
        for path, column, convert in self._converters:
            raw = values.get(path)
            if raw is None:
                continue
            try:
                values[path] = convert(raw)
            except Unfit as unfit:
                del values[path]
                row.unread = {**row.unread, path: f"Column “{column}”: {unfit}"}

    def _name(self, row: RawRow) -> None:
        """Take the identifiers out of the values."""
        for path, kind in self._identifiers:
            value = row.values.pop(path, None)
            if value is not None:
                row.identifiers += (RawIdentifier(str(value).strip(), kind),)


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


_Taken = Sequence[tuple[int, str]]
_Reader = Callable[[_Taken, Sequence[Any]], dict[str, Any]]


def _texts(taken: _Taken, fields: Sequence[Any]) -> dict[str, Any]:
    return {path: value for index, path in taken if (value := fields[index]) and not value.isspace()}


def _texts_cleared(taken: _Taken, fields: Sequence[Any]) -> dict[str, Any]:
    return {
        path: value if (value := fields[index]) and not value.isspace() else None for index, path in taken
    }


def _values(taken: _Taken, fields: Sequence[Any]) -> dict[str, Any]:
    return {path: value for index, path in taken if not is_blank(value := fields[index])}


def _values_cleared(taken: _Taken, fields: Sequence[Any]) -> dict[str, Any]:
    return {path: None if is_blank(value := fields[index]) else value for index, path in taken}
