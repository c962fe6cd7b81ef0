"""A mapping: where the cells of each column go, how they are written, what an import does with them."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, NamedTuple

from profiles.models import PropertyType
from profiles.schema import Schema

from ..columns import custom_among, unknown_value
from ..rows import Unreadable
from .binding import BoundMapping
from .documents import read_column, read_mapping

Blank = Literal["ignore", "clear"]
Bad = Literal["row", "value"]
Existing = Literal["overwrite", "keep"]

IDENTIFIER: Final = "identifier."
DISTINCT_ID: Final = "distinct_id"


class MappingProblem(NamedTuple):
    """Why a mapping cannot be used; `column` is empty for what is about no single one."""

    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where the cells of a column go (`to` is a path, `identifier.<kind>`, or empty to pass them over).

    With a `type`, `to` is a custom property that is to be created under `label`. `dates`, `numbers`,
    `separator`, `prefix` and `words` say how cells are written; without any, cells are taken as they are.
    """

    column: str
    to: str = ""
    type: str = ""
    label: str = ""
    dates: str = ""
    numbers: str = ""
    separator: str = ""
    prefix: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """All of an import's choices. Whether the people it finds exist already is for the import to know."""

    columns: tuple[ColumnMapping, ...] = ()
    blank: Blank = "ignore"
    bad: Bad = "row"
    existing: Existing = "overwrite"
    match: str = DISTINCT_ID
    mode: Literal["upsert", "create", "update", "replace"] = "upsert"
    environment: Literal["live", "test"] = "live"
    zone: str = "UTC"

    def as_json(self) -> dict[str, Any]:
        """A document of plain JSON; what is empty in a column is left out."""
        columns = [{key: value for key, value in asdict(each).items() if value} for each in self.columns]
        return {**asdict(self), "columns": columns}

    @classmethod
    def from_json(cls, document: Any) -> "Mapping":
        """Raises Refused, with a sentence, for what is no mapping."""
        given = read_mapping(document)
        columns = tuple(ColumnMapping(**read_column(each)) for each in given.pop("columns"))
        return cls(columns, **given)

    @property
    def new_properties(self) -> list[tuple[str, PropertyType, str]]:
        """(path, type, label) of what is to be created; the label may be empty."""
        return [(each.to, PropertyType(each.type), each.label) for each in self.columns if each.type]

    def problems(self, header: Collection[str], schema: Schema) -> list[MappingProblem]:
        """Why a file with this header cannot be imported so; empty where it can."""
        return [
            *(MappingProblem(name, _missing(name)) for name in self._missing(header)),
            *self._doubled(),
            *(problem for each in self.columns if (problem := _problem(each, schema))),
            *self._without_identity(),
        ]

    def bound_to(self, header: Sequence[str], *, is_text: bool = True) -> BoundMapping:
        """What reads the rows of a file with these columns; `is_text` where every cell is a text.

        Raises Unreadable where columns are missing, or two of them go to one place.
        """
        problems = [*map(_missing, self._missing(header)), *(each.sentence for each in self._doubled())]
        if problems:
            raise Unreadable(" ".join(problems))
        return BoundMapping(header, self.columns, clears=self.blank == "clear", is_text=is_text)

    def bound_by_name(self) -> BoundMapping:
        """The same for objects, of which each has keys of its own. Raises Unreadable."""
        return self.bound_to([each.column for each in self.columns], is_text=False)

    def _missing(self, header: Collection[str]) -> list[str]:
        return [each.column for each in self.columns if each.to and each.column not in header]

    def _doubled(self) -> Iterator[MappingProblem]:
        counts = Counter(each.to for each in self.columns if each.to)
        for to in (to for to, count in counts.items() if count > 1):
            named = [f"“{each.column}”" for each in self.columns if each.to == to]
            sentence = f"The columns {' and '.join(named)} both go to {to}; choose one."
            yield MappingProblem(next(each.column for each in self.columns if each.to == to), sentence)
        doubled = Counter(each.column for each in self.columns)
        for column in (column for column, count in doubled.items() if count > 1):
            yield MappingProblem(column, f"The mapping names the column “{column}” more than once.")

    def _without_identity(self) -> Iterator[MappingProblem]:
        """Which columns are missing to tell who a row is about."""
        targets = {each.to for each in self.columns}
        wanted = self.match if self.match in (DISTINCT_ID, "email", "phone") else IDENTIFIER + self.match
        if self.match == "email" and not targets & {"email", IDENTIFIER + "email"}:
            yield MappingProblem("", "People are matched by e-mail, but no column goes to email.")
        elif self.match == "phone" and not targets & {"phone", IDENTIFIER + "phone_number"}:
            yield MappingProblem("", "People are matched by phone, but no column goes to phone.")
        elif self.match == DISTINCT_ID and self.mode == "update" and DISTINCT_ID not in targets:
            yield MappingProblem("", "No column goes to distinct_id, which says whom a row updates.")
        elif self.match not in (DISTINCT_ID, "email", "phone") and wanted not in targets:
            yield MappingProblem("", f"People are matched by {self.match}, but no column goes to {wanted}.")
        if not any(targets):
            yield MappingProblem("", "No column goes anywhere: choose a property for at least one.")


def _missing(name: str) -> str:
    return f"The file has no column “{name}”, which the mapping reads."


def _problem(column: ColumnMapping, schema: Schema) -> MappingProblem | None:
    sentence = _problem_of_new(column, schema) if column.type else _problem_of_target(column.to, schema)
    return MappingProblem(column.column, sentence) if sentence else None


def _problem_of_target(to: str, schema: Schema) -> str:
    if not to or schema.field(to) or (to.startswith(IDENTIFIER) and len(to) > len(IDENTIFIER)):
        return ""
    if to in schema.archived:
        return f"{schema.archived[to]} is archived and takes no values: restore it, or choose another."
    return unknown_value(to, schema)


def _problem_of_new(column: ColumnMapping, schema: Schema) -> str:
    if not custom_among([column.to]):
        return f"Only custom properties can be created, and “{column.to}” does not begin with “custom.”."
    if column.to in schema.archived:
        return f"There is an archived property {column.to} already: restore it, or choose another key."
    if (existing := schema.field(column.to)) and existing.type != column.type:
        return f"There is a property {column.to} already, which is {existing.type.label.lower()}."
    return ""
