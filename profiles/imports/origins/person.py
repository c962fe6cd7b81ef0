"""A record of another product on its way to become a profile."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from ..flat import flattened
from ..rows import RawIdentifier

_CODE: Final = re.compile(r"[A-Za-z]{2}")
_ZONE: Final = re.compile(r"UTC|[A-Za-z_]+/.+")

NAMES: Final = {
    "first_name": "first_name",
    "firstName": "first_name",
    "firstname": "first_name",
    "last_name": "last_name",
    "lastName": "last_name",
    "lastname": "last_name",
    "name": "name",
    "email": "email",
    "phone": "phone",
    "gender": "gender",
    "birthday": "birthday",
    "title": "title",
    "avatar": "avatar_url",
    "city": "city",
    "country": "country",
    "language": "language",
    "locale": "language",
    "timezone": "timezone",
    "address.city": "city",
    "address.country": "country",
}
"""Keys that many products have, and the properties they are here."""


@dataclass(slots=True)
class Person:
    """`values` by path, as a `RawRow` has them."""

    values: dict[str, Any] = field(default_factory=dict)
    identifiers: tuple[RawIdentifier, ...] = ()

    def know_as(self, value: Any, kind: str, *, source: str = "", type: str = "") -> None:
        """Add another name, once."""
        identifier = RawIdentifier(name_of(value), kind, source, type)
        if identifier.value and identifier not in self.identifiers:
            self.identifiers += (identifier,)


@dataclass(frozen=True, slots=True)
class Origin:
    """A product: `within` are the keys under which its exports hold their records.

    `read` raises ValueError, with a sentence, for a record that is no profile.
    """

    label: str
    within: tuple[str, ...]
    read: Callable[[dict[str, Any]], Person]


def name_of(value: Any) -> str:
    """An ID as text; products write numbers too. What can be none is empty."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def described(attributes: Any, names: Mapping[str, str], what: str) -> dict[str, Any]:
    """Attributes by path: those of `names` are properties, the others custom ones."""
    if attributes is None:
        return {}
    if not isinstance(attributes, dict):
        raise ValueError(f"“{what}” has to be an object.")
    values: dict[str, Any] = {}
    for key, value in flattened(attributes).items():
        path = names.get(key, "")
        if not path or path in values or not has_place(path, value):
            path = f"custom.{key}"
        values[path] = value
    return values


def has_place(path: str, value: Any) -> bool:
    """Whether the value is of the kind that ours is: a country's name or an offset has to go elsewhere."""
    if not isinstance(value, str):
        return path != "country" and path != "timezone"
    if path == "country":
        return _CODE.fullmatch(value.strip()) is not None
    return path != "timezone" or _ZONE.fullmatch(value.strip()) is not None


def moment_of(seconds: float) -> str:
    """ISO of seconds since 1970. Raises ValueError beyond the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{seconds} seconds after 1970 is no time.") from error


def identified(person: Person, distinct_id: str) -> Person:
    """With the ID, first. Raises ValueError where nothing says who it is."""
    if not distinct_id and not person.values.get("email") and not person.values.get("phone"):
        raise ValueError("Nothing in the record says who it is: it has no ID, e-mail or phone.")
    if distinct_id:
        person.values = {"distinct_id": distinct_id, **person.values}
    return person
