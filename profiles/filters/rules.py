"""Rules on any column, as a URL says them.

`r1f=custom.plan&r1o=is&r1v=enterprise&r1g=2`: rule 1 is about a field, has an operator, values (`r1v` repeats
where the operator takes several) and a group (1 unless said). `g2=any` joins the rules of group 2 by OR,
`match=any` the groups; both are `all` unless said. A rule of which nothing is filled in does not count.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.http import QueryDict

from profiles.queries.columns import Column

from .choices import label_of
from .conditions import Setting, condition
from .operators import OPERATORS, Operator, operators_of
from .values import Span, read_days, read_for, read_text

PARAMETER: Final = re.compile(r"r([1-9][0-9]?)([fovg])|g([1-9][0-9]?)|match", re.ASCII)
MOST_VALUES: Final = 200
JOINS: Final = ("all", "any")


@dataclass(slots=True)
class Rule:
    """One rule as it was given, and what it means or why it means nothing."""

    number: int
    path: str
    operator_name: str
    given: list[str]
    group: int
    column: Column | None = None
    operator: Operator | None = None
    values: list[Any] = field(default_factory=list)
    error: str = ""

    @property
    def label(self) -> str:
        """The rule in words, for its chip."""
        subject = self.column.label if self.column else self.path or "Rule"
        operator = OPERATORS.get(self.operator_name)
        words = operator.label if operator else self.operator_name
        if operator and operator.reads == "days":
            return f"{subject} {words.replace('…', self.given[0] if self.given else '…')}"
        joint = " and " if operator and operator.takes == "two" else ", "
        values = [line for value in self.given for line in value.splitlines()]
        if self.column:
            values = [label_of(self.column, value) for value in values]
        return f"{subject} {words} {joint.join(values)}".rstrip()

    @property
    def is_blank(self) -> bool:
        return not (self.path or self.operator_name or any(value.strip() for value in self.given))


@dataclass(slots=True)
class RuleSet:
    """All rules of a URL. `errors` are about the rules together; each rule has its own besides."""

    rules: list[Rule]
    joins: dict[int, str]
    match: str
    errors: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return self.errors + [f"Rule {rule.number}: {rule.error}" for rule in self.rules if rule.error]

    @property
    def groups(self) -> dict[int, list[Rule]]:
        found: dict[int, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.group, []).append(rule)
        return dict(sorted(found.items()))

    def condition(self, setting: Setting) -> Q:
        """Only for rules without a problem."""
        groups = [
            _joined([_condition(rule, setting) for rule in rules], self.joins.get(number, "all"))
            for number, rules in self.groups.items()
        ]
        return _joined(groups, self.match)


def read_rules(data: QueryDict, columns: Mapping[str, Column], setting: Setting) -> RuleSet:
    """The rules of a query string, each read as far as it goes."""
    numbers = sorted({int(found[1]) for key in data if (found := PARAMETER.fullmatch(key)) and found[1]})
    given = RuleSet(rules=[], joins={}, match="all")
    rules = [_given(data, number, given.errors) for number in numbers]
    given.rules = [rule for rule in rules if not rule.is_blank]
    for rule in given.rules:
        _understand(rule, columns, setting)
    given.match = _join(data, "match", given.errors)
    given.joins = {number: _join(data, f"g{number}", given.errors) for number in {r.group for r in rules}}
    return given


def _given(data: QueryDict, number: int, errors: list[str]) -> Rule:
    group = _single(data, f"r{number}g", errors) or "1"
    if not re.fullmatch("[1-9][0-9]?", group, re.ASCII):
        errors.append(f"Rule {number}: “{group[:20]}” is not the number of a group.")
        group = "1"
    return Rule(
        number=number,
        path=_single(data, f"r{number}f", errors),
        operator_name=_single(data, f"r{number}o", errors),
        given=data.getlist(f"r{number}v"),
        group=int(group),
    )


def _single(data: QueryDict, key: str, errors: list[str]) -> str:
    given = [value for value in data.getlist(key) if value]
    if len(given) > 1:
        errors.append(f"“{key}” is given more than once.")
    return given[-1] if given else ""


def _join(data: QueryDict, key: str, errors: list[str]) -> str:
    join = _single(data, key, errors) or "all"
    if join not in JOINS:
        errors.append(f"“{key}” is all or any, not “{join[:20]}”.")
    return join


def _understand(rule: Rule, columns: Mapping[str, Column], setting: Setting) -> None:
    """Fill in column, operator and values, or the error."""
    rule.column = columns.get(rule.path)
    if rule.column is None:
        rule.error = f"there is no property “{rule.path[:60]}”." if rule.path else "choose a property."
        return
    rule.operator = OPERATORS.get(rule.operator_name)
    if rule.operator not in operators_of(rule.column):
        said = f"“{rule.operator_name[:30]}” does not fit" if rule.operator_name else "choose an operator for"
        rule.error, rule.operator = f"{said} {rule.column.label}.", None
        return
    try:
        rule.values = _values(rule, rule.column, OPERATORS[rule.operator_name], setting)
    except (ValueError, OverflowError) as problem:
        rule.error = f"{rule.column.label} {OPERATORS[rule.operator_name].label}: {problem}."


def _values(rule: Rule, column: Column, operator: Operator, setting: Setting) -> list[Any]:
    texts = rule.given
    if operator.takes == "many":
        texts = [line for value in texts for line in value.splitlines()]
    texts = [text for text in texts if text.strip()]
    _check_number(len(texts), operator)
    if operator.takes == "none":
        return []
    if operator.reads == "days":
        return [read_days(text) for text in texts]
    if operator.reads == "text":
        return [read_text(text) for text in texts]
    values = [read_for(column, text, setting.zone) for text in texts]
    if operator.takes == "two":
        _check_order(*(value.start if isinstance(value, Span) else value for value in values))
    return values


def _check_order(first: Any, last: Any) -> None:
    if first > last:
        raise ValueError("the first value is after the second; swap them")


def _check_number(number: int, operator: Operator) -> None:
    most = {"none": 0, "one": 1, "two": 2, "many": MOST_VALUES}[operator.takes]
    least = {"none": 0, "one": 1, "two": 2, "many": 1}[operator.takes]
    if number < least:
        raise ValueError("it needs two values" if least == 2 else "it needs a value")
    if number > most:
        raise ValueError(f"it takes {most or 'no'} value{'' if most == 1 else 's'}, not {number}")


def _condition(rule: Rule, setting: Setting) -> Q:
    if rule.column is None or rule.operator is None:
        raise ValueError("A rule with a problem has no condition.")
    return condition(rule.column, rule.operator.name, rule.values, setting)


def _joined(conditions: list[Q], join: str) -> Q:
    found = Q()
    for each in conditions:
        found = found & each if join == "all" else found | each
    return found
