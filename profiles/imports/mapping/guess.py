"""What the columns of a file most likely mean, from their names and some of their cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol

from profiles.models import PropertyType, label_of_key
from profiles.schema import Field, Schema, country_codes, guess_type

from ..columns import CUSTOM, IGNORED, path_of
from .binding import is_blank
from .mapping import DISTINCT_ID, ColumnMapping, Mapping
from .synonyms import TARGETS, plain
from .writing import AS_IT_IS, Writing, number_style, read_as, writing_of

Certainty = Literal["sure", "likely", "unsure"]

_RANKS: Final = ("sure", "likely", "unsure")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE: Final = re.compile(r"(?:\+|00)[1-9][\d\s().\-/]{6,20}")
_DATE: Final = re.compile(r"\d{1,4}[./\- ]\s?(?:\d{1,2}|[A-Za-z]{3,9})[./\-, ]\s?\d{2,4}(?:[ T,].*)?")
_MOSTLY: Final = 0.9
_COMMON_WORDS: Final = ("status", "tags", "environment", "title")
_MOST_WORDS: Final = 4
_LONGEST_KEY: Final = 120


class Looked(Protocol):
    header: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a column should go, how certain that is, and why, in half a sentence."""

    to: str
    certainty: Certainty
    reason: str


@dataclass(frozen=True, slots=True)
class Guessed:
    mapping: Mapping
    guesses: dict[str, Guess]


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    name: str
    cells: list[Any]


def guess_mapping(look: Looked, schema: Schema) -> Guessed:
    """A mapping that names every column of the look once; no two of them go to one place."""
    columns = [
        _Column(index, name, [row[index] for row in look.rows if not is_blank(row[index])])
        for index, name in enumerate(look.header)
    ]
    names = set(look.header)
    candidates = [(column, _candidate(column, names, schema)) for column in columns]
    taken: dict[str, str] = {}
    found: dict[str, tuple[ColumnMapping, Guess]] = {}
    for column, guess in sorted(candidates, key=lambda each: _RANKS.index(each[1].certainty)):
        if guess.to in taken:
            guess = _own_property(column, schema, f"“{taken[guess.to]}” goes to {guess.to} already")
        if guess.to:
            guess = replace(guess, to=_free(guess.to, taken))
            taken[guess.to] = column.name
        found[column.name] = _written(column, guess, schema)
    mapping = Mapping(tuple(found[name][0] for name in look.header), match=_match(taken))
    return Guessed(mapping, {name: found[name][1] for name in look.header})


def _candidate(column: _Column, names: set[str], schema: Schema) -> Guess:
    if column.name in IGNORED and (column.name in ("line", "error") or DISTINCT_ID in names):
        return Guess("", "sure", "Profiles keeps this itself")
    if schema.field(path_of(column.name)):
        return Guess(path_of(column.name), "sure", "the name is that of a property")
    if not column.cells:
        return Guess("", "likely", "no value in the first rows")
    return _by_name(column, schema) or _by_cells(column, schema) or _own_property(column, schema)


def _by_name(column: _Column, schema: Schema) -> Guess | None:
    name = plain(column.name)
    to = _labels(schema).get(name) or TARGETS.get(name, "")
    field = schema.field(to)
    if not field:
        return None
    share = _share_of_fit(column.cells, field, schema)
    if share >= _MOSTLY:
        return Guess(to, "sure" if share == 1 else "likely", f"the name says {field.label.lower()}")
    # National numbers fit as soon as their country is chosen.
    if to in _COMMON_WORDS or not (share or field.type == PropertyType.PHONE):
        return None
    return Guess(to, "unsure", f"the name says {field.label.lower()}, but not every value does")


def _labels(schema: Schema) -> dict[str, str]:
    """Paths by the plain form of path, key and label; paths win."""
    fields = [*schema.fields.values(), *schema.facts.values()]
    return {
        **{plain(field.label): field.path for field in reversed(fields)},
        **{plain(field.key): field.path for field in reversed(fields)},
        **{plain(field.path): field.path for field in fields},
    }


def _share_of_fit(cells: Sequence[Any], field: Field, schema: Schema) -> float:
    """Which part of the cells the schema takes, written as they seem to be."""
    if not cells:
        return 1
    values = read_as(cells, writing_of(cells, field.type))
    return 1 - schema.count_unfit([{field.path: value} for value in values]) / len(cells)


def _by_cells(column: _Column, schema: Schema) -> Guess | None:
    texts = [cell.strip() for cell in column.cells if isinstance(cell, str)]
    if len(texts) < len(column.cells):
        return None
    if _mostly(_EMAIL, texts) and schema.field("email"):
        return Guess("email", "likely", "the values are e-mail addresses")
    if _mostly(_PHONE, texts) and schema.field("phone"):
        return Guess("phone", "likely", "the values are phone numbers")
    codes = set(texts)
    if len(codes) > 2 and codes <= country_codes() and "state" not in column.name.lower():
        return (
            Guess("country", "unsure", "the values are codes of countries")
            if schema.field("country")
            else None
        )
    return None


def _mostly(form: re.Pattern[str], texts: Sequence[str]) -> bool:
    return sum(form.fullmatch(text) is not None for text in texts) >= _MOSTLY * len(texts)


def _own_property(column: _Column, schema: Schema, why: str = "") -> Guess:
    key = column.name.removeprefix(CUSTOM).strip()
    if not column.name.startswith(CUSTOM):
        key = re.sub(r"[^\w.]+", "_", key.casefold()).strip("_.") or f"column_{column.index + 1}"
    to = f"{CUSTOM}{key[:_LONGEST_KEY]}"
    if to in schema.archived:
        return Guess("", "unsure", f"{to} is archived")
    reason = "it fits no property" if not schema.field(to) else "the name is like that of a property"
    return Guess(to, "unsure" if why else "likely", why or reason)


def _free(to: str, taken: dict[str, str]) -> str:
    free, number = to, 1
    while free in taken:
        number += 1
        free = f"{to[:_LONGEST_KEY]}_{number}"
    return free


def _written(column: _Column, guess: Guess, schema: Schema) -> tuple[ColumnMapping, Guess]:
    """The column's mapping with the way its cells are written, and the guess with the doubt about that."""
    field = schema.field(guess.to)
    if not guess.to:
        return ColumnMapping(column.name), guess
    if field:
        type, writing = field.type, writing_of(column.cells, field.type) if column.cells else AS_IT_IS
        mapping = ColumnMapping(column.name, guess.to, **writing.styles)
    else:
        type, writing = _type_of(column.cells)
        is_path = column.name.startswith(CUSTOM)
        label = label_of_key(column.name.removeprefix(CUSTOM)) if is_path else column.name
        mapping = ColumnMapping(
            column.name, guess.to, type=type.value, label=label[:_LONGEST_KEY], **writing.styles
        )
        guess = replace(guess, reason=f"{guess.reason}; {type.label.lower()} by its values")
    if writing.doubt:
        guess = replace(guess, certainty="unsure", reason=f"{guess.reason}; {writing.doubt}")
    return mapping, guess


def _type_of(cells: Sequence[Any]) -> tuple[PropertyType, Writing]:
    """The type of a property that is to be made, and how its values are written."""
    plainly = guess_type(cells)
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    if plainly != PropertyType.TEXT or not texts or len(texts) < len(cells):
        return plainly, AS_IT_IS
    if _mostly(_DATE, texts):
        writing = writing_of(texts, PropertyType.DATETIME)
        type = guess_type(read_as(texts, writing))
        if type in (PropertyType.DATE, PropertyType.DATETIME):
            return type, writing
    writing = writing_of(texts, PropertyType.BOOLEAN) if 1 < len(set(texts)) <= _MOST_WORDS else AS_IT_IS
    if writing.styles and guess_type(read_as(texts, writing)) == PropertyType.BOOLEAN:
        return PropertyType.BOOLEAN, writing
    if style := number_style(texts):
        writing = Writing({"numbers": style})
        return guess_type(read_as(texts, writing)), writing
    if sum(";" in text for text in texts) * 2 > len(texts):
        return PropertyType.TEXT_LIST, AS_IT_IS
    return plainly, AS_IT_IS


def _match(taken: dict[str, str]) -> str:
    return "email" if DISTINCT_ID not in taken and "email" in taken else DISTINCT_ID
