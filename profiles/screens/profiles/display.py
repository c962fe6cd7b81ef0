"""How a stored value looks where it is read, by the type of its property."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from profiles.models import PropertyType
from profiles.schema import Field, Schema
from profiles.screens.common.markup import NOTHING, exact_time, tag_chip, user_text, visible

from .controls import options_of
from .moments import day_of, moment_of

SHORT: Final = 120
FEW: Final = 10


def show(field: Field | None, value: Any) -> SafeString:
    """A JSON value, fitting its property or not; `field` is None for what is not defined."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, list):
        return _list(field, value)
    if isinstance(value, bool):
        return conditional_escape("Yes" if value else "No")
    if isinstance(value, str):
        return _text(field.type if field else PropertyType.TEXT, field, value)
    if isinstance(value, dict) and value.keys() == {"lat", "lon"}:
        return conditional_escape(f"{value['lat']}, {value['lon']}")
    return long_text(json.dumps(value, ensure_ascii=False))


def long_text(text: str) -> SafeString:
    """Text of people: whole where it is short, else its beginning, which opens to the whole."""
    if len(text) <= SHORT and "\n" not in text:
        return user_text(text, limit=SHORT)
    beginning = " ".join(text[:SHORT].split())
    return format_html(
        '<details class="long-text"><summary><bdi>{}…</bdi></summary><bdi>{}</bdi></details>',
        visible(beginning),
        visible(text),
    )


def label_of(schema: Schema, path: str) -> str:
    """What a property is called, if need be by its key."""
    if field := schema.field(path):
        return field.label
    if path == "identifiers":
        return "Identifiers"
    return schema.archived.get(path) or path.removeprefix("custom.").removeprefix("channel.")


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: `A, B and C`."""
    *others, last = list(words) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _text(type: PropertyType, field: Field | None, text: str) -> SafeString:
    match type:
        case PropertyType.DATETIME if moment := moment_of(text):
            return exact_time(moment, is_long=True)
        case PropertyType.DATE if day := day_of(text):
            return format_html('<time datetime="{}">{} {}</time>', text, f"{day:%-d %B}", day.year)
        case PropertyType.URL if text.startswith(("https://", "http://")):
            return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', text, visible(text))
        case PropertyType.EMAIL if "@" in text:
            return format_html('<a href="mailto:{}"><bdi>{}</bdi></a>', text, visible(text))
        case PropertyType.COUNTRY | PropertyType.CHOICE if field:
            return user_text(dict(options_of(field)).get(text, text))
    return long_text(text)


def _list(field: Field | None, items: list[Any]) -> SafeString:
    if field and field.path == "tags":
        return format_html(
            '<span class="chips">{}</span>',
            format_html_join("", "{}", ((tag_chip(str(tag)),) for tag in items)),
        )
    texts = [_item(item) for item in items]
    if field and field.type == PropertyType.TOKENS and len(items) <= FEW:
        lines = format_html_join("", "<li>{}</li>", ((user_text(text, limit=SHORT),) for text in texts))
        return format_html('<ul class="token-list">{}</ul>', lines)
    return long_text(", ".join(texts))


def _item(item: Any) -> str:
    if isinstance(item, dict) and isinstance(item.get("token"), str):
        return _token(item)
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def _token(token: Mapping[str, Any]) -> str:
    """A push token as text; what is special stands first, as it may be long: `(off, integration IN1) abc`."""
    integration = token.get("integration_id")
    about = ["off"] if token.get("status") == 0 else []
    about += [f"integration {integration}"] if integration else []
    return (f"({', '.join(about)}) " if about else "") + str(token["token"])
