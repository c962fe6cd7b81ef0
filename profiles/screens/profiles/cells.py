"""How a value looks in a cell of the listing, by the type of its column."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from profiles.filters.countries import country_names
from profiles.models import PropertyType, Status, colour_of_name
from profiles.queries.columns import Column
from profiles.screens.common.markup import NOTHING, badge, exact_time, tag_chip, user_text

from .moments import day_of, moment_of

SHOWN: Final = 60
SHOWN_TAGS: Final = 3
Show = Callable[[Any], SafeString]


def cell_of(column: Column, tag_colours: Mapping[str, str]) -> Show:
    """The function that shows the column's values."""
    if column.path == "tags":
        return lambda tags: _tags(tags, tag_colours)
    return _BY_PATH.get(column.path) or _BY_TYPE.get(column.type, _plain)


def is_numeric(column: Column) -> bool:
    return column.type in (PropertyType.NUMBER, PropertyType.INTEGER)


def _plain(value: Any) -> SafeString:
    """Any value, fitting its type or not: data may be older than the property's rules."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, str):
        return user_text(value, limit=SHOWN)
    if isinstance(value, bool):
        return conditional_escape("Yes" if value else "No")
    if isinstance(value, list):
        return user_text(", ".join(map(_in_words, value)), limit=SHOWN)
    return user_text(_in_words(value), limit=SHOWN)


def _in_words(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"lat", "lon"}:
        return f"{value['lat']}, {value['lon']}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(value: Any) -> SafeString:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return conditional_escape(f"{value:,}") if is_number else _plain(value)


def _moment(value: Any) -> SafeString:
    moment = moment_of(value)
    return exact_time(moment) if moment else _plain(value)


def _day(value: Any) -> SafeString:
    day = day_of(value)
    return conditional_escape(f"{day:%-d %b} {day.year}") if day else _plain(value)


def _country(value: Any) -> SafeString:
    return user_text(country_names().get(value, value)) if isinstance(value, str) else _plain(value)


def _tokens(value: Any) -> SafeString:
    if not isinstance(value, list) or not value:
        return _plain(value)
    return conditional_escape("1 token" if len(value) == 1 else f"{len(value)} tokens")


def _status(value: Any) -> SafeString:
    return badge(str(Status(value).label), "good" if value == Status.ACTIVE else "quiet")


def _tags(tags: list[str], colours: Mapping[str, str]) -> SafeString:
    if not tags:
        return NOTHING
    chips = [tag_chip(tag, colours.get(tag) or colour_of_name(tag)) for tag in tags[:SHOWN_TAGS]]
    if rest := tags[SHOWN_TAGS:]:
        chips.append(format_html('<span class="chip" title="{}">+{}</span>', ", ".join(rest), len(rest)))
    return SafeString(f'<span class="chips">{"".join(chips)}</span>')


_BY_PATH: Final[dict[str, Show]] = {"status": _status}
_BY_TYPE: Final[dict[PropertyType, Show]] = {
    PropertyType.NUMBER: _number,
    PropertyType.INTEGER: _number,
    PropertyType.DATETIME: _moment,
    PropertyType.DATE: _day,
    PropertyType.COUNTRY: _country,
    PropertyType.TOKENS: _tokens,
}
