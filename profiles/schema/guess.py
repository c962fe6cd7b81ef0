"""What type an unknown key most likely has, from some of its values."""

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from pydantic_core import ValidationError

from profiles.models import PropertyType

from .compiled import validator_of
from .fields import Field

_ENOUGH = 1_000
_WORDS = {"true", "false", "yes", "no"}
_CODE = re.compile(r"[+-]?0[0-9]|\+")


def guess_type(values: Iterable[Any]) -> PropertyType:
    """The narrowest type that all of the (first thousand non-empty) values fit, else text.

    Digits that look like a code, such as `01234`, stay text, and so does a column without any value.
    """
    given = list(islice((value for value in values if value is not None and value != ""), _ENOUGH))
    if not given:
        return PropertyType.TEXT
    for type, looks_like_it in _LOOKS.items():
        if all(looks_like_it(value) for value in given) and all(_fits(type, value) for value in given):
            return type
    return PropertyType.TEXT


def _fits(type: PropertyType, value: Any) -> bool:
    try:
        validator_of(Field("guessed", "custom", "guessed", "Guessed", type)).validate_python(value)
    except ValidationError:
        return False
    return True


def _is_yes_or_no(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and value.strip().lower() in _WORDS)


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return not _CODE.match(value.strip())
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and ":" in value


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_international(value: Any) -> bool:
    return isinstance(value, str) and value.strip().startswith("+")


_LOOKS: dict[PropertyType, Callable[[Any], bool]] = {
    PropertyType.BOOLEAN: _is_yes_or_no,
    PropertyType.INTEGER: _is_number,
    PropertyType.NUMBER: _is_number,
    PropertyType.DATE: _is_text,
    PropertyType.DATETIME: _is_moment,
    PropertyType.EMAIL: _is_text,
    PropertyType.URL: _is_text,
    PropertyType.PHONE: _is_international,
    PropertyType.GEO: _is_object,
    PropertyType.NUMBER_LIST: _is_list,
    PropertyType.TEXT_LIST: _is_list,
}
"""The candidates, narrowest first, with what a value has to look like before it is tried."""
