"""The columns of a file as the form shows them, and as it sends them back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.utils.safestring import SafeString

from profiles.imports import ColumnMapping, Look
from profiles.models import PropertyType, key_of_label, label_of_key

from .targets import IDENTIFIER, NEW, OTHER_IDENTIFIER, Targets, kind_of, target_of

PATTERN: Final = "pattern"
DATES: Final = {
    "": "2026-01-31",
    "auto": "In any way that is clear",
    "day_first": "31/01/2026, day first",
    "month_first": "01/31/2026, month first",
    "seconds": "Seconds since 1970",
    "milliseconds": "Milliseconds since 1970",
}
SEPARATORS: Final = {
    "": "Semicolons or line ends",
    ",": "Commas",
    "|": "Bars |",
    "/": "Slashes /",
    " ": "Blanks",
    "json": "JSON, as in [“a”, “b”]",
}
NUMBERS: Final = {"": "1234.5", "point": "1,234.5", "comma": "1.234,5"}
BOOLEANS: Final = {"": "true or false, yes or no", "yes_no": "Yes or no in many languages"}
COUNTRIES: Final = {"": "Two letters, like DE", "countries": "Names in many languages"}
# Neither can be guessed or filled in here: a choice needs its choices, tokens their devices.
TYPES: Final = [
    (type.value, type.label, kind_of(type))
    for type in PropertyType
    if type not in (PropertyType.CHOICE, PropertyType.TOKENS)
]
_EXAMPLES: Final = 3
_LONGEST_EXAMPLE: Final = 100


@dataclass(frozen=True, slots=True)
class Note:
    """Why a column was mapped so, how certain that is, and what is wrong with it; each may be empty."""

    name: str
    reason: str
    certainty: str
    problem: str

    @property
    def is_to_check(self) -> bool:
        return bool(self.problem) or self.certainty == "unsure"


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column: what it has in the file, and where it goes."""

    index: int
    mapping: ColumnMapping
    examples: list[str]
    options: SafeString
    note: Note

    @property
    def name(self) -> str:
        return self.note.name

    @property
    def is_passed_over(self) -> bool:
        return not self.mapping.to

    @property
    def is_new(self) -> bool:
        return bool(self.mapping.type)

    @property
    def key(self) -> str:
        """The key that the column would have as a custom property."""
        if self.is_new:
            return self.mapping.to.removeprefix("custom.")
        return key_of_label(self.mapping.column.removeprefix("custom."))

    @property
    def label(self) -> str:
        return self.mapping.label or label_of_key(self.key)

    @property
    def dates(self) -> list[tuple[str, str, bool]]:
        known = PATTERN if self.pattern else self.mapping.dates if self.mapping.dates in DATES else ""
        return [
            (value, label, value == known) for value, label in (*DATES.items(), (PATTERN, "By a pattern…"))
        ]

    @property
    def pattern(self) -> str:
        return self.mapping.dates if "%" in self.mapping.dates else ""

    @property
    def separators(self) -> list[tuple[str, str, bool]]:
        return _chosen(SEPARATORS, self.mapping.separator)

    @property
    def numbers(self) -> list[tuple[str, str, bool]]:
        return _chosen(NUMBERS, self.mapping.numbers)

    @property
    def booleans(self) -> list[tuple[str, str, bool]]:
        return _chosen(BOOLEANS, self.mapping.words if self.mapping.words in BOOLEANS else "")

    @property
    def countries(self) -> list[tuple[str, str, bool]]:
        return _chosen(COUNTRIES, self.mapping.words if self.mapping.words in COUNTRIES else "")


def notes_of(
    columns: Sequence[ColumnMapping],
    *,
    guesses: Mapping[str, Mapping[str, str]],
    problems: Mapping[str, str],
    misfits: Mapping[str, str],
) -> list[Note]:
    """One for each column; a guess that is sure, or was changed since, needs no word.

    `misfits` are values among the first rows that would be refused: what is more doubtful goes before them.
    """
    notes = []
    for place, each in enumerate(columns):
        guess = guesses.get(each.column, {})
        is_told = guess.get("to") == each.to and not (each.to and guess["certainty"] == "sure")
        reason, certainty = (guess["reason"], guess["certainty"]) if is_told else ("", "")
        if each.column in misfits and certainty != "unsure":
            reason, certainty = misfits[each.column].removesuffix("."), "unsure"
        notes.append(Note(_name(place), reason, certainty, problems.get(each.column, "")))
    return notes


def rows_of(
    columns: Sequence[ColumnMapping], notes: Sequence[Note], targets: Targets, look: Look
) -> list[ColumnRow]:
    """One for each column of a mapping; `look` has their examples, as far as its rows have the column."""
    places = {name: place for place, name in enumerate(look.header)}
    return [
        ColumnRow(
            index=index,
            mapping=each,
            examples=_examples(look.rows, places.get(each.column)),
            options=targets.options(target_of(each)),
            note=note,
        )
        for index, (each, note) in enumerate(zip(columns, notes, strict=True))
    ]


def columns_sent(
    data: Mapping[str, str], columns: Sequence[ColumnMapping], targets: Targets
) -> tuple[ColumnMapping, ...]:
    """What the form says about each of these columns, which it knows by their places."""
    return tuple(_column_sent(data, _name(place), each.column, targets) for place, each in enumerate(columns))


def _name(place: int) -> str:
    """What the controls of a column are called: its place, as its own name may be anything."""
    return f"c{place}"


def _column_sent(data: Mapping[str, str], name: str, column: str, targets: Targets) -> ColumnMapping:
    def given(part: str) -> str:
        return data.get(f"{name}-{part}", "").strip()

    to, type, label = given("to"), "", ""
    if to == NEW:
        type, label = given("type") or PropertyType.TEXT, given("label")
        to = f"custom.{given('key') or key_of_label(label) or key_of_label(column)}"
    if to == OTHER_IDENTIFIER:
        to = IDENTIFIER + (given("kind") or key_of_label(column) or "other")[:60]
    cells = kind_of(type or targets.types.get(to, "")).split()
    dates = given("pattern") if given("dates") == PATTERN else given("dates")
    return ColumnMapping(
        column,
        to,
        type,
        label,
        dates=dates if "dates" in cells else "",
        numbers=given("numbers") if "numbers" in cells else "",
        separator=data.get(f"{name}-separator", "") if "lists" in cells else "",
        prefix=given("prefix") if "phones" in cells else "",
        words=next((given(kind) for kind in ("booleans", "countries") if kind in cells), ""),
    )


def _examples(rows: Iterable[Sequence[Any]], place: int | None) -> list[str]:
    """The first different ones that there are, cut: a cell may be a megabyte."""
    values = (row[place] for row in rows) if place is not None else ()
    shown = dict.fromkeys(str(value)[:_LONGEST_EXAMPLE] for value in values if value not in (None, "", []))
    return list(islice(shown, _EXAMPLES))


def _chosen(labels: Mapping[str, str], chosen: str) -> list[tuple[str, str, bool]]:
    known = dict(labels) if chosen in labels else {**labels, chosen: chosen}
    return [(value, label, value == chosen) for value, label in known.items()]
