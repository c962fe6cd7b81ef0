"""Mappings as JSON: presets, parameters of jobs, files of `--map`."""

import re
from collections.abc import Mapping as Keys
from typing import Any, Final

from profiles.errors import Refused
from profiles.models import PropertyType
from profiles.schema import timezones

from .dates import date_style_problem
from .words import WORDS

_CHOICES: Final[Keys[str, tuple[str, ...]]] = {
    "blank": ("ignore", "clear"),
    "bad": ("row", "value"),
    "existing": ("overwrite", "keep"),
    "mode": ("upsert", "create", "update", "replace"),
    "environment": ("live", "test"),
}
_OF_COLUMN: Final = ("column", "to", "type", "label", "dates", "numbers", "separator", "prefix", "words")
_NUMBERS: Final = ("", "point", "comma")
_PREFIX: Final = re.compile(r"(?:\+(?:[1-9][0-9]{0,3})?)?")
_MOST_COLUMNS: Final = 2_000
_LONGEST: Final = 1_000


def read_mapping(document: Any) -> dict[str, Any]:
    """The fields of a mapping; `columns` are documents still. Raises Refused."""
    if not isinstance(document, dict):
        raise Refused("A mapping has to be a JSON object.")
    _refuse_unknown(document, (*_CHOICES, "columns", "match", "zone"), "A mapping")
    columns = document.get("columns", [])
    if not isinstance(columns, list) or len(columns) > _MOST_COLUMNS:
        raise Refused(f"“columns” of a mapping has to be a list of at most {_MOST_COLUMNS:,} columns.")
    given = {key: _text(document, key) for key in document if key != "columns"}
    for key, allowed in _CHOICES.items():
        if given.get(key, allowed[0]) not in allowed:
            raise Refused(f"“{key}” of a mapping is one of {', '.join(allowed)}.")
    if not 0 < len(given.get("match", "distinct_id")) <= 60:
        raise Refused("“match” of a mapping is distinct_id, email, phone or a kind of identifier.")
    if given.get("zone", "UTC").lower() not in timezones():
        raise Refused(f"There is no time zone “{given['zone'][:80]}”.")
    return {**given, "columns": columns}


def read_column(document: Any) -> dict[str, str]:
    """The fields of one column. Raises Refused."""
    if not isinstance(document, dict):
        raise Refused("Each of the “columns” of a mapping has to be a JSON object.")
    _refuse_unknown(document, _OF_COLUMN, "A column of a mapping")
    given = {key: _text(document, key) for key in document}
    if not given.get("column"):
        raise Refused("A column of a mapping needs a “column”: its name in the file.")
    if problem := _column_problem(given):
        raise Refused(f"The mapping of “{given['column'][:80]}”: {problem}")
    return given


def _column_problem(given: dict[str, str]) -> str:
    if given.get("type") and given["type"] not in PropertyType.values:
        return f"there is no type “{given['type'][:80]}”."
    if given.get("type") and not given.get("to", "").startswith("custom."):
        return "only a custom property can be created; its path begins with “custom.”."
    if given.get("numbers", "") not in _NUMBERS:
        return "“numbers” is point (1,234.5) or comma (1.234,5)."
    if given.get("words", "") not in ("", *WORDS):
        return f"“words” is one of {', '.join(WORDS)}."
    if not _PREFIX.fullmatch(given.get("prefix", "")):
        return "“prefix” is + and a country code, or + alone for numbers that have one."
    return date_style_problem(given.get("dates", ""))


def _refuse_unknown(document: dict[Any, Any], known: tuple[str, ...], what: str) -> None:
    if unknown := [str(key)[:80] for key in document if key not in known]:
        raise Refused(f"{what} has no “{unknown[0]}”; it has {', '.join(known)}.")


def _text(document: dict[str, Any], key: str) -> str:
    text = document[key]
    if not isinstance(text, str) or len(text) > _LONGEST or "\0" in text:
        raise Refused(f"“{key}” of a mapping has to be a text of at most {_LONGEST:,} characters.")
    return text
