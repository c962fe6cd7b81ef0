"""Pages by keyset: an order that is total, and places in it.

A page begins beyond a place (sort key, id), never at an OFFSET: a deep page costs what the first one does.
Who has no value comes last in both directions: first the rows with a key are walked, then those without, each
part with a row comparison that an index on (key, id) answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.signing import BadSignature, Signer
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    JSONField,
    Q,
    TextField,
    Value,
)
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Lower
from django.db.models.lookups import GreaterThan, IsNull, LessThan

from profiles.models import PropertyType
from profiles.models.profile import ProfileQuerySet

from .columns import Column

DEFAULT_ORDER: Final = "-created_at"
LONGEST_KEY: Final = 300
WITHOUT_CASE: Final = ("display_name", "email")


@dataclass(frozen=True, slots=True)
class Order:
    """By a column, then by id in the same direction."""

    column: Column
    is_descending: bool

    @property
    def name(self) -> str:
        """As the URL says it: `-created_at`."""
        return f"-{self.column.path}" if self.is_descending else self.column.path

    @property
    def key(self) -> Expression | F:
        source = self.column.source
        return Lower(source) if source in WITHOUT_CASE else self.column.expression()

    @property
    def missing(self) -> Q | None:
        """The condition of having no value; None where everybody has one."""
        if self.column.is_nullable:
            return Q(IsNull(self.column.expression(), True))
        if self.column.is_list:
            return Q(**{self.column.source: []})
        return None if self.column.is_always_set else Q(**{self.column.source: ""})

    @property
    def sql_type(self) -> str:
        if self.column.key:
            return "jsonb"
        if self.column.is_list:
            return "varchar[]"
        return {PropertyType.DATE: "date", PropertyType.DATETIME: "timestamptz"}.get(self.column.type, "text")

    @property
    def key_as_read(self) -> Expression | F:
        """JSON as text: through a Python float a number might lose digits, and the place with it."""
        return Cast(self.key, TextField()) if self.column.key else self.key

    def value(self, key: Any) -> Expression:
        """A key of a place as SQL."""
        text = Value(key, output_field=_KEY_FIELDS.get(self.sql_type, TextField()))
        return Cast(Value(key, output_field=TextField()), JSONField()) if self.column.key else text


_KEY_FIELDS: "Final[dict[str, Field[Any, Any]]]" = {
    "date": DateField(),
    "timestamptz": DateTimeField(),
    "varchar[]": ArrayField(CharField()),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: beyond the row with this key and id, or at an end.

    `is_backward` reads towards the start. A key too long for a URL is left out: `is_long` says that it has to
    be looked up by the id. `is_above_cap` carries over from the page before that there are more rows than are
    counted.
    """

    is_backward: bool = False
    key: Any = None
    id: UUID | None = None
    is_long: bool = False
    is_above_cap: bool = False

    @property
    def is_start(self) -> bool:
        return self.id is None and not self.is_backward


START: Final = Place()
LAST: Final = "last"


def read_order(name: str, columns: Mapping[str, Column]) -> Order | None:
    """The order of that name; None where there is no such column."""
    column = columns.get(name.removeprefix("-"))
    return Order(column, name.startswith("-")) if column else None


def write_place(place: Place, order: Order) -> str:
    """Opaque and signed: what comes back is what was given out, for this order."""
    key = place.key.isoformat() if isinstance(place.key, date) else place.key
    is_long = len(str(key)) > LONGEST_KEY
    parts = [
        order.name,
        place.is_backward,
        None if is_long else key,
        str(place.id),
        is_long,
        place.is_above_cap,
    ]
    return _signer().sign_object(parts, compress=True)


def read_place(text: str, order: Order) -> Place | None:
    """None where the text is not a place that was given out for this order."""
    if text == LAST:
        return Place(is_backward=True)
    try:
        name, is_backward, key, pk, is_long, is_above_cap = _signer().unsign_object(text)
    except (BadSignature, ValueError):
        return None
    if name != order.name:
        return None
    return Place(is_backward, _key_of(key, order), UUID(pk), is_long, is_above_cap)


def _signer() -> Signer:
    return Signer(salt="profiles.keyset")


def _key_of(key: Any, order: Order) -> Any:
    if key is None or order.sql_type not in ("date", "timestamptz"):
        return key
    return (date if order.sql_type == "date" else datetime).fromisoformat(key)


def walk(found: ProfileQuerySet, order: Order, place: Place, number: int) -> list[UUID]:
    """The ids of the next `number` rows beyond `place`, in the direction it reads."""
    ids: list[UUID] = []
    for part, _ in _ordered_parts(found, order, place):
        ids += part.values_list("pk", flat=True)[: number - len(ids)]
        if len(ids) == number:
            break
    return ids


def walk_keys(found: ProfileQuerySet, order: Order, place: Place, number: int) -> list[tuple[UUID, Any]]:
    """The same rows, each with its key (None for those without), as of the same moment."""
    pairs: list[tuple[UUID, Any]] = []
    for part, is_present in _ordered_parts(found, order, place):
        rows = part.annotate(sort_key=order.key_as_read).values_list("pk", "sort_key")[: number - len(pairs)]
        pairs += [(pk, key if is_present else None) for pk, key in rows]
        if len(pairs) == number:
            break
    return pairs


def _ordered_parts(
    found: ProfileQuerySet, order: Order, place: Place
) -> Iterator[tuple[ProfileQuerySet, bool]]:
    """What lies beyond the place, as it is read; and whether it is the part that has a value."""
    for part, is_present in _parts(found, order, place):
        names = (_directed(order.key, order, place), _directed(F("pk"), order, place))
        # Those without a value are the NULL end of the property's own index, if it has one.
        yield part.order_by(*(names if is_present or order.column.is_indexed else names[1:])), is_present


def _parts(found: ProfileQuerySet, order: Order, place: Place) -> list[tuple[ProfileQuerySet, bool]]:
    """What lies beyond the place: of the rows with a value, and of those without, as they come."""
    missing = order.missing
    present = found if missing is None else found.exclude(missing)
    if missing is None:
        return [(_beyond(present, order, place), True)]
    absent = found.filter(missing)
    if place.id is None:
        parts = [(present, True), (absent, False)]
    elif place.key is None:
        beyond = absent.filter(_compare(place, order)(F("pk"), Value(place.id)))
        return [(beyond, False), (present, True)] if place.is_backward else [(beyond, False)]
    else:
        parts = [(_beyond(present, order, place), True)]
        return parts if place.is_backward else [*parts, (absent, False)]
    return parts[::-1] if place.is_backward else parts


def _beyond(present: ProfileQuerySet, order: Order, place: Place) -> ProfileQuerySet:
    if place.id is None:
        return present
    here = Row(order.key, F("pk"))
    return present.filter(_compare(place, order)(here, Row(order.value(place.key), Value(place.id))))


class Row(Func):
    """`(a, b)`: PostgreSQL compares rows part by part, and from an index on both."""

    template = "(%(expressions)s)"
    output_field = TextField()


def _compare(place: Place, order: Order) -> type[GreaterThan] | type[LessThan]:
    return GreaterThan if is_upward(place, order) else LessThan


def is_upward(place: Place, order: Order) -> bool:
    """Whether keys grow in the direction in which the page is read."""
    return order.is_descending == place.is_backward


def _directed(key: Expression | F, order: Order, place: Place) -> Any:
    return key.asc() if is_upward(place, order) else key.desc()


def with_key(place: Place, found: ProfileQuerySet, order: Order) -> Place:
    """The place with its key looked up, where it was too long to be written; the start if the row is gone."""
    if not place.is_long or place.id is None:
        return place
    keys = found.filter(pk=place.id).annotate(sort_key=order.key_as_read).values_list("sort_key", flat=True)
    return next((replace(place, key=key) for key in keys), START)
