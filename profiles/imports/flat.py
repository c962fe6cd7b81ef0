"""Objects within objects, as one row with a column for each value."""

from collections.abc import Iterator
from typing import Any, Final

_PLACES: Final = frozenset({"lat", "lon", "lng", "latitude", "longitude"})
_DEEPEST: Final = 8


def flattened(record: dict[str, Any]) -> dict[str, Any]:
    """`{"address": {"city": "Ulm"}}` as `{"address.city": "Ulm"}`; lists and places on the map stay whole.

    Raises ValueError where two keys come to have one name, or where objects lie too deep.
    """
    found: dict[str, Any] = {}
    for name, value in _leaves("", record, _DEEPEST):
        if name in found:
            raise ValueError(f"The row has a value more than once: {name}.")
        found[name] = value
    return found


def _leaves(above: str, record: dict[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        name = f"{above}.{key.strip()}" if above else key.strip()
        if not isinstance(value, dict) or not value or _is_place(value):
            yield name, value
        elif depth:
            yield from _leaves(name, value, depth - 1)
        else:
            raise ValueError(f"The objects in “{name[:80]}” are nested too deeply.")


def _is_place(value: dict[str, Any]) -> bool:
    return value.keys() <= _PLACES
