"""What `profileData` means, in both directions."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from profiles.imports.origins.clevertap import GENDERS, NAMES, value_of
from profiles.imports.origins.person import has_place
from profiles.models import PropertyType
from profiles.operations.incoming import CUSTOM
from profiles.operations.rows import Step
from profiles.schema import Schema

# Limits of contracts 4a.
LONGEST_KEY: Final = 120
LONGEST_VALUE: Final = 512
MOST_VALUES: Final = 100
MOST_KEYS: Final = 256
_FORBIDDEN: Final = re.compile(r"[%><!|&.:;$'\"\\#\x00-\x1f\x7f]")
_FLAGS: Final = frozenset(
    f"{CUSTOM}MSG-{channel}" for channel in ("email", "push", "push-all", "sms", "whatsapp")
)
# What is written otherwise there; besides dates, which may be anywhere.
_TRANSLATED: Final = ("gender", "birthday", "phone")
_YES: Final = {"true": True, "1": True, "false": False, "0": False}
_PLACE: Final = frozenset({"lat", "lon"})
_DOUBTFUL: Final = ("country", "timezone")
# What CleverTap's own documents call them, for those who read a profile.
_KEYS: Final = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "gender": "Gender",
    "birthday": "DOB",
    "country": "Country",
    "city": "City",
    "language": "Language",
    "timezone": "Tz",
    "avatar_url": "Photo",
    "title": "title",
}
_LETTERS: Final = {word: letter for letter, word in GENDERS.items()}


@dataclass(slots=True)
class Described:
    """What can be made of a `profileData`: values and steps by path; `problems` say what cannot, by key."""

    values: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class _Unfit(Exception):
    """The value cannot be taken; why, as a sentence."""


def describe(data: Mapping[str, Any]) -> Described:
    """Read a record's `profileData`, key by key: what is wrong with one takes nothing from the others."""
    found = Described()
    for key, raw in data.items():
        try:
            path = _path_of(key)
            if path in _DOUBTFUL and raw is not None and not has_place(path, raw):
                path = f"{CUSTOM}{key.strip()}"
            if raw.__class__ is dict and any(name[:1] == "$" for name in raw):
                _operate(path, raw, found)
            else:
                found.values[path] = _value(path, raw)
        except _Unfit as problem:
            name = key[:LONGEST_KEY]
            found.problems[name] = f"{name}: {problem}"
    return found


def _path_of(key: str) -> str:
    """Where the value of a key is kept. Raises a problem where it is no key (contracts 4a)."""
    # Looked at first, so that nothing long is remembered.
    if len(key) > LONGEST_KEY:
        raise _Unfit(f"A key has at most {LONGEST_KEY} bytes.")
    path, problem = _path(key)
    if problem:
        raise _Unfit(problem)
    return path


@lru_cache(maxsize=4096)
def _path(key: str) -> tuple[str, str]:
    name = key.strip()
    if known := NAMES.get(name):
        return known, ""
    if not name:
        return "", "A key may not be empty."
    if len(name.encode()) > LONGEST_KEY:
        return "", f"A key has at most {LONGEST_KEY} bytes."
    if found := _FORBIDDEN.search(name):
        what = f"“{found[0]}”" if found[0].isprintable() else "control characters"
        return "", f"A key may not hold {what}."
    return f"{CUSTOM}{name}", ""


def _value(path: str, raw: Any) -> Any:
    """The value as the validator takes it, which judges it."""
    kind = raw.__class__
    if kind is list:
        return _list(raw)
    if kind is dict and raw.keys() != _PLACE:
        raise _Unfit("An object is no value.")
    if kind is str and len(raw) * 4 > LONGEST_VALUE and len(raw.encode()) > LONGEST_VALUE:
        raise _Unfit(f"A value has at most {LONGEST_VALUE} bytes.")
    if path in _FLAGS:
        return _flag(raw)
    if path not in _TRANSLATED and (kind is not str or raw[:3] != "$D_"):
        return raw
    try:
        return value_of(path, raw)
    except ValueError as error:
        raise _Unfit(str(error)) from None


def _list(raw: Any) -> list[Any]:
    """The newest hundred; the oldest are dropped first."""
    for item in raw:
        if isinstance(item, dict | list):
            raise _Unfit("A list holds texts or numbers.")
        if isinstance(item, str) and len(item.encode()) > LONGEST_VALUE:
            raise _Unfit(f"A value has at most {LONGEST_VALUE} bytes.")
    return list(raw[-MOST_VALUES:])


def _flag(raw: Any) -> bool | None:
    found = raw if raw is None or isinstance(raw, bool) else _YES.get(str(raw).strip().lower())
    if found is None and raw is not None:
        raise _Unfit("It has to be true or false.")
    return found


def _operate(path: str, raw: dict[str, Any], found: Described) -> None:
    """`{"$add": [...]}` and the like: all of them, or none."""
    taken = Described()
    for name, value in raw.items():
        operator = _OPERATORS.get(name)
        if operator is None:
            raise _Unfit(f"There is no operator “{name[:20]}”.")
        operator(path, value, taken)
    found.values |= taken.values
    found.steps += taken.steps


def _set(path: str, value: Any, into: Described) -> None:
    into.values[path] = _value(path, value)


def _delete(path: str, value: Any, into: Described) -> None:
    into.values[path] = None


def _add(path: str, value: Any, into: Described) -> None:
    into.steps.append(Step(path, "append", _list(_listed(value)), most=MOST_VALUES))


def _remove(path: str, value: Any, into: Described) -> None:
    into.steps.append(Step(path, "remove", _list(_listed(value))))


def _increase(path: str, value: Any, into: Described, sign: int = 1) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unfit("$incr and $decr take a number.")
    into.steps.append(Step(path, "add", sign * value))


def _decrease(path: str, value: Any, into: Described) -> None:
    _increase(path, value, into, sign=-1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_OPERATORS: Final[Mapping[str, Callable[[str, Any, Described], None]]] = {
    "$set": _set,
    "$delete": _delete,
    "$add": _add,
    "$remove": _remove,
    "$incr": _increase,
    "$decr": _decrease,
}


def said(values: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Values by path as a `profileData`, without name, e-mail and phone, which stand beside it."""
    return {key: _said(value, path, schema) for path, value in values.items() if (key := _key_of(path))}


def _key_of(path: str) -> str:
    return path.removeprefix(CUSTOM) if path.startswith(CUSTOM) else _KEYS.get(path, "")


def _said(value: Any, path: str, schema: Schema) -> Any:
    if path == "gender":
        return _LETTERS.get(value, value)
    if path in ("custom.Employed", "custom.Married") and isinstance(value, bool):
        return "Y" if value else "N"
    field = schema.field(path)
    if field and field.type in (PropertyType.DATE, PropertyType.DATETIME) and isinstance(value, str):
        return f"$D_{_seconds_of(value)}"
    return value


def _seconds_of(text: str) -> int:
    if len(text) == 10:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days * 86_400
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
