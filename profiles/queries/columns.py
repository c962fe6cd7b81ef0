"""What a listing can show, search, filter and order by, of every profile: one column per path."""

from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db.models import CharField, Expression, F, Field, Func, JSONField, TextField, Value

from profiles.models import Environment, Profile, PropertyType, Status, Workspace
from profiles.schema import LISTS, Schema, schema_of
from profiles.schema import Field as Property

ALWAYS_SET: Final = ("distinct_id", "status", "environment", "created_at", "updated_at")
DERIVED: Final = {"name": "display_name"}


class JsonValue(Func):
    """`custom -> 'key'`, in the very words of the expression index of an indexed property.

    Django's own key transform takes a key of digits for the place in a list.
    """

    template = "(%(expressions)s)"
    arg_joiner = " -> "

    def __init__(self, source: str, key: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(
            F(source), Value(key, output_field=CharField()), output_field=output_field or JSONField()
        )


class JsonText(JsonValue):
    """`custom ->> 'key'`: the value as text."""

    arg_joiner = " ->> "

    def __init__(self, source: str, key: str) -> None:
        super().__init__(source, key, TextField())


@dataclass(frozen=True, slots=True)
class Column:
    """A fact about profiles: `source` is the model's field, `key` the place in it where that is JSON."""

    path: str
    label: str
    type: PropertyType
    source: str
    key: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_closed: bool = False
    is_indexed: bool = False

    @property
    def is_list(self) -> bool:
        return self.type in LISTS

    @property
    def is_always_set(self) -> bool:
        return self.source in ALWAYS_SET

    @property
    def is_nullable(self) -> bool:
        return bool(self.key) or Profile._meta.get_field(self.source).null

    def expression(self) -> Expression | F:
        """The value as PostgreSQL compares it; NULL or an empty text where unset."""
        return JsonValue(self.source, self.key) if self.key else F(self.source)

    def text(self) -> Expression | F:
        return JsonText(self.source, self.key) if self.key else F(self.source)


def columns_of(workspace: Workspace) -> dict[str, Column]:
    """The workspace's columns by path, in the order in which screens offer them."""
    schema = schema_of(workspace)
    if (known := _columns.get(schema)) is None:
        known = _columns[schema] = {column.path: column for column in _all(schema)}
    return known


_columns: WeakKeyDictionary[Schema, dict[str, Column]] = WeakKeyDictionary()


def _all(schema: Schema) -> list[Column]:
    label = schema.facts["distinct_id"].label
    first = Column("distinct_id", label, PropertyType.TEXT, "distinct_id")
    return [first, *map(_property, schema.fields.values()), *FACTS]


def _property(field: Property) -> Column:
    source, key = (DERIVED.get(field.key, field.key), "")
    if not field.is_column:
        source, key = ("channels" if field.kind == "channel" else "custom"), field.key
    choices = tuple((choice, choice) for choice in field.choices)
    return Column(field.path, field.label, field.type, source, key, choices, is_indexed=field.indexed)


FACTS: Final = (
    Column(
        "status",
        "Status",
        PropertyType.CHOICE,
        "status",
        choices=tuple((choice.value, str(choice.label)) for choice in Status),
        is_closed=True,
    ),
    Column(
        "environment",
        "Live or test",
        PropertyType.CHOICE,
        "environment",
        choices=tuple((choice.value, str(choice.label)) for choice in Environment),
        is_closed=True,
    ),
    Column("tags", "Tags", PropertyType.TEXT_LIST, "tags"),
    Column("sources", "Sources", PropertyType.TEXT_LIST, "sources"),
    Column("created_at", "Created", PropertyType.DATETIME, "created_at"),
    Column("updated_at", "Updated", PropertyType.DATETIME, "updated_at"),
    Column("last_seen_at", "Last seen", PropertyType.DATETIME, "last_seen_at"),
)
