"""Where a column may go: the options of its select, made once and shared by all columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from profiles.imports import ColumnMapping, Mapping
from profiles.models import IdentifierKind, PropertyKind, PropertyType, Workspace
from profiles.schema import LISTS, NUMBERS, Field, Schema

NEW: Final = "new"
"""The option that makes a custom property of the column."""
IDENTIFIER: Final = "identifier."
OTHER_IDENTIFIER: Final = "identifier"
"""The option that makes the column another name of the person, of a kind that is typed in."""

_GROUPS: Final = {
    PropertyKind.DEFAULT: "Default properties",
    PropertyKind.CHANNEL: "Channels",
    PropertyKind.CUSTOM: "Custom properties",
}
_KINDS: Final[dict[str, str]] = {
    PropertyType.PHONE: "phones",
    PropertyType.BOOLEAN: "booleans",
    PropertyType.COUNTRY: "countries",
}
_IDENTITY: Final = ("distinct_id",)
_FACTS: Final = ("status", "tags", "last_seen_at", "environment")
_KNOWN_KINDS: Final = {
    IdentifierKind.EMAIL: "E-mail, as another name",
    IdentifierKind.PHONE: "Phone, as another name",
    IdentifierKind.ANONYMOUS_ID: "Anonymous ID",
    IdentifierKind.DISTINCT_ID: "Former distinct ID",
}


@dataclass(frozen=True, slots=True)
class Targets:
    """`html` is the list of options with none selected, `labels` what each is called."""

    html: str
    labels: dict[str, str]
    types: dict[str, str]

    def options(self, to: str) -> SafeString:
        """The options with that one selected; it is added where the workspace does not know it any more."""
        marker = format_html('value="{}"', to)
        if marker in self.html:
            return mark_safe(self.html.replace(marker, f"{marker} selected", 1))
        unknown = format_html('<option value="{}" selected>{} (unknown)</option>', to, to)
        return unknown + mark_safe(self.html)

    def label(self, to: str) -> str:
        return self.labels.get(to, to)


def targets_of(workspace: Workspace, schema: Schema, *, kinds: Iterable[str], may_create: bool) -> Targets:
    """`kinds` are identifiers that files or presets name besides those that are always offered."""
    groups = [
        ("Who it is", [*(_fact(schema, path) for path in _IDENTITY), *_identifiers(kinds)]),
        ("Facts", [_fact(schema, path) for path in _FACTS]),
        *((label, _properties(schema, kind)) for kind, label in _GROUPS.items()),
    ]
    first = [("", "Do not import", "")] + ([(NEW, "Create a property…", "")] if may_create else [])
    html = _rendered(first) + format_html_join(
        "", '<optgroup label="{}">{}</optgroup>', ((label, _rendered(own)) for label, own in groups if own)
    )
    every = [*first, *(option for _, own in groups for option in own)]
    return Targets(html, {to: label for to, label, _ in every}, {to: type for to, _, type in every if type})


def kind_of(type: str) -> str:
    """What is to be asked about cells of that type, in words that are classes of the form; or nothing."""
    if type in (PropertyType.DATE, PropertyType.DATETIME):
        return "dates"
    if type == PropertyType.NUMBER_LIST:
        return "lists numbers"
    if type in LISTS:
        return "lists"
    if type in NUMBERS:
        return "numbers"
    return _KINDS.get(type, "")


def kinds_in(mapping: Mapping) -> list[str]:
    """The kinds of identifiers that columns are mapped to."""
    return [each.to.removeprefix(IDENTIFIER) for each in mapping.columns if each.to.startswith(IDENTIFIER)]


def target_of(column: ColumnMapping) -> str:
    """The option that stands for what the column is mapped to."""
    return NEW if column.type else column.to


def _fact(schema: Schema, path: str) -> tuple[str, str, str]:
    field = schema.facts[path]
    return path, field.label, field.type


def _identifiers(kinds: Iterable[str]) -> list[tuple[str, str, str]]:
    others = sorted({kind for kind in kinds if kind not in _KNOWN_KINDS})
    named = [(kind.value, label) for kind, label in _KNOWN_KINDS.items()]
    options = [(IDENTIFIER + kind, label, "") for kind, label in [*named, *((kind, kind) for kind in others)]]
    return [*options, (OTHER_IDENTIFIER, "Another identifier…", "")]


def _properties(schema: Schema, kind: PropertyKind) -> list[tuple[str, str, str]]:
    return [_option(field) for field in schema.fields.values() if field.kind == kind]


def _option(field: Field) -> tuple[str, str, str]:
    return field.path, field.label, field.type


def _rendered(options: Iterable[tuple[str, str, str]]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}" data-cells="{}">{}</option>',
        ((to, kind_of(type), label) for to, label, type in options),
    )
