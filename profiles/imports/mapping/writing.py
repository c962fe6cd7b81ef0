"""How the cells of a column are written, seen from some of them: dates, numbers, lists, phone numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from profiles.models import PropertyType
from profiles.schema import country_codes

from .cells import JSON_LIST, Converter, converter_for
from .dates import date_reader
from .unfit import Unfit

_MOMENTS: Final = (PropertyType.DATE, PropertyType.DATETIME)
_LISTS: Final = (PropertyType.TEXT_LIST, PropertyType.NUMBER_LIST)
_NUMBERS: Final = (PropertyType.NUMBER, PropertyType.INTEGER, PropertyType.NUMBER_LIST)
_MOSTLY: Final = 0.9
_WORDS: Final = {PropertyType.BOOLEAN: "yes_no", PropertyType.COUNTRY: "countries"}
_PLAIN: Final = {"yes_no": frozenset({"true", "false", "yes", "no", "1", "0"}), "countries": country_codes()}
_SECONDS: Final = (10**8, 4 * 10**9)
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Writing:
    """The fields of a column's mapping that say how its cells are written, and a doubt about it in words."""

    styles: Mapping[str, str] = field(default_factory=dict)
    doubt: str = ""


AS_IT_IS: Final = Writing()


def writing_of(cells: Sequence[Any], type: PropertyType) -> Writing:
    """How `cells`, none of them blank, are written if they are values of `type`."""
    if type in _MOMENTS:
        return _dates(cells)
    if type in _LISTS:
        return _lists(cells, is_of_numbers=type == PropertyType.NUMBER_LIST)
    if type in _NUMBERS:
        return Writing({"numbers": style} if (style := number_style(cells)) else {})
    if type in _WORDS:
        return _words(cells, _WORDS[type])
    return _phones(cells) if type == PropertyType.PHONE else AS_IT_IS


def read_as(cells: Iterable[Any], writing: Writing) -> list[Any]:
    """What the cells become; those that cannot be read so stay as they are."""
    convert = converter_for(**writing.styles)
    return [cell if (value := _converted(cell, convert)) is None else value for cell in cells]


def _converted(cell: Any, convert: Converter | None) -> Any:
    """None where the cell cannot be read so."""
    try:
        return convert(cell) if convert else cell
    except Unfit:
        return None


def _dates(cells: Sequence[Any]) -> Writing:
    if style := _epoch(cells):
        return Writing({"dates": style})
    read = {style: _read(cells, style) for style in ("iso", "auto", "day_first", "month_first")}
    fits = {style: len(cells) - found.count(None) for style, found in read.items()}
    if fits["iso"] == len(cells):
        return AS_IT_IS
    if read["day_first"] == read["month_first"]:
        return Writing({"dates": "auto"})
    if fits["day_first"] == fits["month_first"]:
        return Writing({"dates": "day_first"}, "every date could also begin with the month")
    return Writing({"dates": max(("day_first", "month_first"), key=lambda style: fits[style])})


def _read(cells: Sequence[Any], style: str) -> list[str | None]:
    """The cells in ISO, None for those that cannot be read so."""
    convert = date_reader(style)
    return [_converted(cell, convert) for cell in cells]


def _epoch(cells: Sequence[Any]) -> str:
    try:
        numbers = [float(cell) for cell in cells]
    except (TypeError, ValueError):
        return ""
    low, high = _SECONDS
    for style, factor in (("seconds", 1), ("milliseconds", 1_000)):
        if all(low * factor <= number < high * factor for number in numbers):
            return style
    return ""


def number_style(cells: Sequence[Any]) -> str:
    """`comma` or `point` where cells are written with separators; empty where they are plain, or none."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    separated = [text for text in texts if "," in text or _GROUPED.fullmatch(text)]
    if not separated:
        return ""
    fits = {style: _count_read(separated, style) for style in ("point", "comma")}
    if max(fits.values()) < _MOSTLY * len(separated):
        return ""
    if fits["point"] == fits["comma"]:
        return "point" if any("," in text for text in separated) else ""
    return max(fits, key=lambda style: fits[style])


def _count_read(texts: Sequence[str], style: str) -> int:
    convert = converter_for(numbers=style)
    return sum(_converted(text, convert) is not None for text in texts)


def _lists(cells: Sequence[Any], *, is_of_numbers: bool) -> Writing:
    texts = [cell for cell in cells if isinstance(cell, str)]
    if texts and all(text.lstrip().startswith("[") for text in texts):
        return Writing({"separator": JSON_LIST})
    if any(";" in text or "\n" in text for text in texts):
        return AS_IT_IS
    counts = {mark: sum(mark in text for text in texts) for mark in (",", "|", "/")}
    mark = max(counts, key=lambda each: counts[each])
    if not counts[mark]:
        return AS_IT_IS
    return Writing({"separator": mark})


def _words(cells: Sequence[Any], vocabulary: str) -> Writing:
    """Whether some of the cells need to be looked up."""
    if all(not isinstance(cell, str) or cell.strip() in _PLAIN[vocabulary] for cell in cells):
        return AS_IT_IS
    writing = Writing({"words": vocabulary})
    fits = sum(_converted(cell, converter_for(**writing.styles)) is not None for cell in cells)
    return writing if fits * 2 >= len(cells) else AS_IT_IS


def _phones(cells: Sequence[Any]) -> Writing:
    texts = [re.sub(r"\D", "", str(cell)) for cell in cells if not str(cell).lstrip().startswith(("+", "00"))]
    if not texts:
        return AS_IT_IS
    if all(len(text) >= 11 and not text.startswith("0") for text in texts):
        return Writing({"prefix": "+"}, "the numbers have no +: is the country code in front?")
    return Writing({}, "numbers lack their country code: choose it")
