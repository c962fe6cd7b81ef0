"""The operators of the rules: what each is called, which types have it, how many values it takes."""

from dataclasses import dataclass
from typing import Final, Literal

from profiles.models import PropertyType
from profiles.queries.columns import Column

Count = Literal["none", "one", "two", "many"]
Reads = Literal["value", "text", "days"]


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    label: str
    takes: Count = "one"
    reads: Reads = "value"


OPERATORS: Final = {
    operator.name: operator
    for operator in (
        Operator("is", "is"),
        Operator("is_not", "is not"),
        Operator("one_of", "is one of", takes="many"),
        Operator("not_one_of", "is not one of", takes="many"),
        Operator("contains", "contains", reads="text"),
        Operator("not_contains", "does not contain", reads="text"),
        Operator("starts", "starts with", reads="text"),
        Operator("ends", "ends with", reads="text"),
        Operator("gt", "is greater than"),
        Operator("gte", "is at least"),
        Operator("lt", "is less than"),
        Operator("lte", "is at most"),
        Operator("between", "is between", takes="two"),
        Operator("before", "is before"),
        Operator("after", "is after"),
        Operator("last_days", "in the last … days", reads="days"),
        Operator("has", "has"),
        Operator("has_not", "does not have"),
        Operator("has_any", "has any of", takes="many"),
        Operator("empty", "is empty", takes="none"),
        Operator("not_empty", "is not empty", takes="none"),
    )
}

_EQUAL = ("is", "is_not", "one_of", "not_one_of")
_TEXT = (*_EQUAL, "contains", "not_contains", "starts", "ends")
_NUMBER = (*_EQUAL, "gt", "gte", "lt", "lte", "between")
_TIME = ("is", "is_not", "before", "after", "between", "last_days")
_LIST = ("has", "has_not", "has_any")
_OF_TYPE: Final = {
    PropertyType.NUMBER: _NUMBER,
    PropertyType.INTEGER: _NUMBER,
    PropertyType.BOOLEAN: ("is", "is_not"),
    PropertyType.DATE: _TIME,
    PropertyType.DATETIME: _TIME,
    PropertyType.CHOICE: _EQUAL,
    PropertyType.COUNTRY: _EQUAL,
    PropertyType.TEXT_LIST: _LIST,
    PropertyType.NUMBER_LIST: _LIST,
    PropertyType.GEO: (),
    PropertyType.TOKENS: (),
}


def operators_of(column: Column) -> list[Operator]:
    """Those that fit the column's type, in the order in which the builder offers them."""
    names = _OF_TYPE.get(column.type, _TEXT)
    emptiness = () if column.is_always_set else ("empty", "not_empty")
    return [OPERATORS[name] for name in (*names, *emptiness)]
