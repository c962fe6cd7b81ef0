"""Cells as people write them, brought into the forms that the schema's validator takes."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from profiles.schema import list_of_json, shown

from .dates import date_reader
from .unfit import Unfit
from .words import word_reader

Converter = Callable[[Any], Any]

JSON_LIST: Final = "json"
"""The separator of lists that are written as `["a", "b"]`."""

_REMEMBERED: Final = 2**15
_NOT_DIGITS: Final = re.compile(r"[\s  '’_]")
_CURRENCY: Final = re.compile(r"^[^\d\s.,+()-]{1,3}\s*|\s*[^\d\s.,()]{1,3}$")
_POINT: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?")
_COMMA: Final = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][+-]?\d{1,3})?")
_PHONE_PUNCTUATION: Final = re.compile(r"[\s().\-‐-―/]")


def converter_for(
    *, dates: str = "", numbers: str = "", separator: str = "", prefix: str = "", words: str = ""
) -> Converter | None:
    """What turns a cell that is written so into a value; None where cells are taken as they are."""
    if dates:
        return _remembering(date_reader(dates))
    number = _remembering(_number_reader(numbers)) if numbers else None
    if separator:
        return _list_reader(separator, number)
    if words:
        return _remembering(word_reader(words))
    return number or (_remembering(_phone_reader(prefix)) if prefix else None)


def _remembering(read: Converter) -> Converter:
    """Cells repeat. A list or an object of JSON cannot be looked up, and none of these reads it."""
    found = lru_cache(_REMEMBERED)(read)

    def convert(raw: Any) -> Any:
        return found(raw) if type(raw) is str else read(raw)

    return convert


def _number_reader(style: str) -> Converter:
    form, example = (_POINT, "1,234.5") if style == "point" else (_COMMA, "1.234,5")

    def read(raw: Any) -> Any:
        if not isinstance(raw, str):
            return raw
        text = _CURRENCY.sub("", _NOT_DIGITS.sub("", raw))
        if text.startswith("(") and text.endswith(")"):
            text = f"-{text[1:-1]}"
        if not form.fullmatch(text) or not any(map(str.isdigit, text)):
            raise Unfit(f"{shown(raw)} is not a number written like {example}.")
        plain = text.replace(",", "") if style == "point" else text.replace(".", "").replace(",", ".")
        return plain if plain.isascii() else "".join(map(_ascii_digit, plain))

    return read


def _ascii_digit(letter: str) -> str:
    return str(int(letter)) if letter.isdigit() else letter


def _list_reader(separator: str, number: Converter | None) -> Converter:
    def read(raw: Any) -> Any:
        if not isinstance(raw, str):
            return raw
        items = _of_json(raw) if separator == JSON_LIST else list_of_json(raw) or _split(raw, separator)
        return [number(item) for item in items] if number else items

    return read


def _split(raw: str, separator: str) -> list[str]:
    return [text for item in raw.split(separator) if (text := item.strip())]


def _of_json(raw: str) -> list[Any]:
    try:
        items = json.loads(raw)
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise Unfit(f"{shown(raw)} is not a list written like [“a”, “b”].")
    return items


def _phone_reader(prefix: str) -> Converter:
    def read(raw: Any) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            return raw
        number = _PHONE_PUNCTUATION.sub("", raw if isinstance(raw, str) else str(int(raw)))
        if number.startswith(("+", "00")):
            return number
        if not number.isdigit():
            raise Unfit(f"{shown(raw)} is not a phone number.")
        return f"+{number}" if prefix == "+" else prefix + number.removeprefix("0")

    return read
