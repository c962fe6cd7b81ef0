"""The rule builder: the rules of a URL as rows to fill in, and the steps that change them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict

from profiles.models import PropertyType
from profiles.queries.columns import Column

from .choices import choices_of
from .operators import OPERATORS, Operator, operators_of
from .rules import JOINS, PARAMETER, RuleSet

MOST_RULES: Final = 99
MOST_OFFERED: Final = 300
STEP: Final = "do"
_INPUTS: Final = {
    PropertyType.NUMBER: "number",
    PropertyType.INTEGER: "number",
    PropertyType.NUMBER_LIST: "number",
    PropertyType.DATE: "date",
}


@dataclass(slots=True)
class RuleRow:
    """One rule to fill in. `widget`: none, input, pair, lines, choice or choices; `type` is the input's."""

    number: int
    group: int
    path: str
    operator: str
    operators: list[Operator] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    widget: str = "input"
    type: str = "text"
    choices: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""


@dataclass(slots=True)
class GroupOfRows:
    number: int
    join: str
    rows: list[RuleRow]


def rows_of(
    data: QueryDict, rules: RuleSet, columns: Mapping[str, Column], *, tags: list[str]
) -> list[GroupOfRows]:
    """The rules of a URL, blank ones too, by group; one blank row where there is none."""
    numbers = numbers_in(data) or [1]
    errors = {rule.number: rule.error for rule in rules.rules}
    groups: dict[int, GroupOfRows] = {}
    for number in numbers:
        row = _row(data, number, columns, tags)
        row.error = "" if STEP in data else errors.get(number, "")
        join = data.get(f"g{row.group}", "all")
        group = GroupOfRows(row.group, join if join in JOINS else "all", [])
        groups.setdefault(row.group, group).rows.append(row)
    return [groups[number] for number in sorted(groups)]


def numbers_in(data: QueryDict) -> list[int]:
    return sorted({int(found[1]) for key in data if (found := PARAMETER.fullmatch(key)) and found[1]})


def stepped(data: QueryDict) -> QueryDict:
    """The parameters after the step that `do` names: `add:<group>`, `add-group`, `remove:<rule>`, or none."""
    changed = data.copy()
    verb, _, given = data.get(STEP, "").partition(":")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 0
    numbers = numbers_in(data)
    if verb == "remove":
        for letter in "fovg":
            changed.pop(f"r{number}{letter}", None)
    elif verb in ("add", "add-group"):
        groups = [_group(data, each) for each in numbers] or [1]
        _add(changed, numbers, max(groups) + 1 if verb == "add-group" else number or 1)
    return changed


def _add(data: QueryDict, numbers: list[int], group: int) -> None:
    free = next((number for number in range(1, MOST_RULES + 1) if number > max(numbers, default=0)), None)
    if not numbers:
        data["r1g"], free = "1", 2
    if free is not None and group <= MOST_RULES:
        data[f"r{free}g"] = str(group)


def _group(data: QueryDict, number: int) -> int:
    given = data.get(f"r{number}g") or "1"
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 3 and int(given) else 1


def _row(data: QueryDict, number: int, columns: Mapping[str, Column], tags: list[str]) -> RuleRow:
    path, name = data.get(f"r{number}f", ""), data.get(f"r{number}o", "")
    row = RuleRow(number, _group(data, number), path, name, values=data.getlist(f"r{number}v"))
    if (column := columns.get(path)) is None:
        return row
    row.operators = operators_of(column)
    operator = OPERATORS.get(name)
    if operator is None or operator not in row.operators:
        operator = row.operators[0]
    row.operator = operator.name
    _fit_widget(row, column, operator, tags)
    return row


def _fit_widget(row: RuleRow, column: Column, operator: Operator, tags: list[str]) -> None:
    """What the values are typed into, by operator and type."""
    row.type = "number" if operator.reads == "days" else _INPUTS.get(column.type, "text")
    if operator.reads == "value":
        row.choices = _choices(column, tags)
    if operator.takes == "none":
        row.widget = "none"
    elif operator.takes == "two":
        row.widget = "pair"
        row.values = [*row.values, "", ""][:2]
    elif operator.takes == "many":
        row.widget = "choices" if row.choices else "lines"
        row.values = [line for value in row.values for line in value.splitlines()]
    else:
        row.widget = "choice" if row.choices else "input"
        row.values = row.values[:1] or [""]
    row.choices += [
        (value, value) for value in row.values if value and row.choices and value not in dict(row.choices)
    ]


def _choices(column: Column, tags: list[str]) -> list[tuple[str, str]]:
    return [(tag, tag) for tag in tags[:MOST_OFFERED]] if column.path == "tags" else choices_of(column)
