"""What a property definition means to whoever reads or writes its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField

from profiles.models import Profile, PropertyDefinition, PropertyKind, PropertyType

FACT = "fact"
"""The kind of what is no property: status, tags and the like. The other kinds are those of definitions."""

TEXT_CAP = 10_000
ITEM_CAP = 1_000
ELEMENTS_CAP = 1_000

LISTS = frozenset({PropertyType.TEXT_LIST, PropertyType.NUMBER_LIST, PropertyType.TOKENS})
NUMBERS = frozenset({PropertyType.NUMBER, PropertyType.INTEGER, PropertyType.NUMBER_LIST})

_LENGTHS = ("min_length", "max_length", "pattern")
_RANGE = ("minimum", "maximum")
RULES_OF_TYPE: Mapping[PropertyType, tuple[str, ...]] = {
    PropertyType.TEXT: _LENGTHS,
    PropertyType.TEXT_LIST: (*_LENGTHS, "max_elements"),
    PropertyType.NUMBER: _RANGE,
    PropertyType.INTEGER: _RANGE,
    PropertyType.NUMBER_LIST: (*_RANGE, "max_elements"),
    PropertyType.CHOICE: ("choices",),
    PropertyType.EMAIL: ("pattern",),
    PropertyType.URL: ("pattern",),
    PropertyType.TOKENS: ("max_elements",),
}
"""Which constraints of a definition apply to which type; a type that is absent has none."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One value that does not fit: `message` is a sentence that names property, rule and value."""

    path: str
    label: str
    rule: str
    message: str


@dataclass(slots=True)
class Validated:
    """One row after validation: JSON values by path (None clears), what was wrong, what is not defined."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    unknown: dict[str, Any] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class Field:
    """A property, or another fact of a profile, and the rules its values keep."""

    path: str
    kind: str
    key: str
    label: str
    type: PropertyType
    description: str = ""
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()
    max_elements: int | None = None
    required: bool = False
    starred: bool = False
    indexed: bool = False

    @property
    def is_column(self) -> bool:
        return self.kind in (PropertyKind.DEFAULT, FACT)

    @property
    def is_list(self) -> bool:
        return self.type in LISTS

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def rule_in_words(self) -> str:
        """Every constraint as half a sentence: `3 to 20 characters, matching ^[a-z]+$`."""
        items = "each " if self.is_list else ""
        parts = (
            _between(self.min_length, self.max_length, unit="characters"),
            _between(self.minimum, self.maximum),
            f"matching {self.pattern}" if self.pattern else "",
        )
        rules = [items + part for part in parts if part]
        if self.choices:
            rules.append("one of " + ", ".join(self.choices))
        if self.max_elements is not None:
            rules.append(f"at most {self.max_elements} elements")
        return ", ".join(rules)


def plain_number(value: float) -> str:
    """A constraint as people write it: 5 rather than 5.0."""
    return str(int(value)) if float(value).is_integer() else repr(value)


def _between(low: float | None, high: float | None, unit: str = "") -> str:
    if low is None and high is None:
        return ""
    if low is None or high is None:
        bound = f"at least {plain_number(low)}" if low is not None else f"at most {plain_number(high or 0)}"
    else:
        bound = f"{plain_number(low)} to {plain_number(high)}"
    return f"{bound} {unit}".strip()


def field_of(definition: PropertyDefinition) -> Field:
    """The field of a definition, saved or not; rules that its type has not are left out."""
    type = PropertyType(definition.type)
    rules = {rule: getattr(definition, rule) for rule in RULES_OF_TYPE.get(type, ())}
    if "choices" in rules:
        rules["choices"] = tuple(rules["choices"])
    if (width := column_width(definition)) is not None:
        rules["max_length"] = min(rules.get("max_length") or width, width)
    return Field(
        path=definition.path,
        kind=definition.kind,
        key=definition.key,
        label=definition.label,
        type=type,
        description=definition.description,
        required=definition.required,
        starred=definition.starred,
        indexed=definition.indexed,
        **rules,
    )


def column_width(definition: PropertyDefinition) -> int | None:
    """How many characters the column of a default property holds."""
    if definition.kind != PropertyKind.DEFAULT or definition.type != PropertyType.TEXT:
        return None
    column = Profile._meta.get_field(definition.key)
    return column.max_length if isinstance(column, CharField) else None
