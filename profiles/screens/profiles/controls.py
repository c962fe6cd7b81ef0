"""The form controls of properties, rendered without a template each: a page has forty of them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.forms import Widget
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from profiles.filters.countries import countries
from profiles.models import PropertyKind, PropertyType, Status
from profiles.schema import Field, timezones

from .texts import fits_date_control, fits_moment_control
from .tokens import token_controls

LONG_TEXT = 80
Options = tuple[tuple[str, str], ...]

# Text controls throughout, with the fitting keyboard: a browser rewrites or drops what does not suit its
# number, e-mail and URL controls, so that what somebody typed, or an application stored, would be lost.
_KEYBOARDS: Mapping[PropertyType, str] = {
    PropertyType.NUMBER: "decimal",
    PropertyType.INTEGER: "numeric",
    PropertyType.EMAIL: "email",
    PropertyType.URL: "url",
    PropertyType.PHONE: "tel",
}
_PLACEHOLDERS: Mapping[PropertyType, str] = {
    PropertyType.PHONE: "+49 30 901820",
    PropertyType.GEO: "52.52, 13.405",
    PropertyType.LANGUAGE: "en or pt-BR",
    PropertyType.URL: "https://",
}
_LINES: Mapping[PropertyType, str] = {PropertyType.TOKENS: "One token per line"}
HINTS: Mapping[PropertyType, str] = {
    PropertyType.TEXT_LIST: "One per line",
    PropertyType.NUMBER_LIST: "One per line",
    PropertyType.GEO: "Latitude, longitude",
}


class PropertyControl(Widget):
    """The element that suits the type of a property and the text at hand."""

    def __init__(self, field: Field) -> None:
        super().__init__({"autocomplete": "off"})
        self.field = field

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        attrs = self.build_attrs(self.attrs, {"name": name} | (attrs or {}))
        text = value or ""
        if options := options_of(self.field):
            return _select(options, text, attrs)
        if self._has_rows(name) and (rows := self._rows(name, text, attrs)):
            return rows
        if self._is_long(text):
            return _textarea(text, attrs | {"placeholder": _LINES.get(self.field.type)})
        return _input(text, attrs | self._kind(text))

    def _has_rows(self, name: str) -> bool:
        """A bulk change, whose control is named otherwise, gives all people the same tokens, line by line."""
        return self.field.type == PropertyType.TOKENS and name == self.field.path

    def _rows(self, name: str, text: str, attrs: Mapping[str, Any]) -> SafeString | None:
        first = {key: value for key, value in attrs.items() if key not in ("name", "autocomplete")}
        return token_controls(name, self.field.label, text, _attributes(first))

    def _is_long(self, text: str) -> bool:
        if "\n" in text or "\r" in text or self.field.is_list or len(text) > LONG_TEXT:
            return True
        is_free_text = self.field.type == PropertyType.TEXT and self.field.kind == PropertyKind.CUSTOM
        return is_free_text and (self.field.max_length or 256) > 255

    def _kind(self, text: str) -> dict[str, Any]:
        type = self.field.type
        if type == PropertyType.DATE and (not text or fits_date_control(text)):
            return {"type": "date", "max": "9999-12-31"}
        if type == PropertyType.DATETIME and (not text or fits_moment_control(text)):
            return {"type": "datetime-local", "step": "any", "max": "9999-12-30T23:59"}
        return {
            "type": "text",
            "inputmode": _KEYBOARDS.get(type),
            "placeholder": _PLACEHOLDERS.get(type),
        }


@lru_cache(maxsize=1_000)
def options_of(field: Field) -> Options:
    """(value, label) of a property that is chosen from a list; empty for others."""
    match field.type:
        case PropertyType.BOOLEAN:
            return (("true", "Yes"), ("false", "No"))
        case PropertyType.CHOICE if field.path == "status":
            return tuple(Status.choices)
        case PropertyType.CHOICE:
            return tuple((choice, choice) for choice in field.choices)
        case PropertyType.COUNTRY:
            return countries()
        case PropertyType.TIMEZONE:
            return tuple((zone, zone) for zone in sorted(timezones().values()))
    return ()


def _input(text: str, attrs: Mapping[str, Any]) -> SafeString:
    return format_html('<input class="form-control" value="{}"{}>', text, _attributes(attrs))


def _textarea(text: str, attrs: Mapping[str, Any]) -> SafeString:
    # The browser drops the first line end of a textarea. It is written as an entity because crispy shortens
    # white space between tags, which is what a text of blanks would be.
    return format_html(
        '<textarea class="form-control" rows="1"{}>&#10;{}</textarea>', _attributes(attrs), text
    )


def _select(options: Options, chosen: str, attrs: Mapping[str, Any]) -> SafeString:
    empty = '<option value=""></option>'
    mark = f'<option value="{escape(chosen)}"'
    listed = _option_list(options)
    if chosen and mark not in listed:
        empty += f"{mark}>{escape(chosen)} (not on the list)</option>"
    chosen_list = (empty + listed).replace(f"{mark}>", f"{mark} selected>", 1)
    return mark_safe(f'<select class="form-select"{_attributes(attrs)}>{chosen_list}</select>')


@lru_cache(maxsize=1_000)
def _option_list(options: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in options)


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    given = ((name, escape(value)) for name, value in attrs.items() if value is not None)
    return mark_safe("".join(f' {name}="{value}"' for name, value in given))
