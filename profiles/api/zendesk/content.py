"""What the body of a PUT or PATCH says of a profile."""

import re
from collections.abc import Sequence
from typing import Any, Final

from profiles.api.common import ApiError, Call, Reason
from profiles.operations.faces import MOST_NAMES, Content
from profiles.queries.faces import Name, Pair, native_pair
from profiles.schema import schema_of

from .attributes import read_attributes
from .names import LONGEST_STORED, LONGEST_VALUE, check_lengths, check_pair, default_name, read_names
from .protocol import InvalidAttribute

_USER_ID: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_LARGEST_USER_ID: Final = (1 << 60) - 1


def read_put(
    call: Call,
    pair: Pair,
    *,
    name: Name | None = None,
    person: int | None = None,
    known: Sequence[Name] = (),
) -> Content:
    """All of a profile: what is not said is empty. `pair` and `name` are those of the query.

    Without a `name`, the profile was found by its id, with the names `known`: then the body has to say its
    identifiers, and may say another source and type.
    """
    given = _read_profile(call)
    names = _read_names(given)
    if name and name not in names:
        names.insert(0, name)
    if not names:
        raise ApiError(Reason.BAD_REQUEST, "identifiers: a profile needs at least one.")
    if len(names) > MOST_NAMES:
        raise ApiError(Reason.BAD_REQUEST, f"A profile has at most {MOST_NAMES} identifiers.")
    said = Pair(*(_read_text(given, key) or default for key, default in zip(pair._fields, pair, strict=True)))
    if name and said != pair:
        raise ApiError(Reason.BAD_REQUEST, "source and type have to be those of the identifier query.")
    if said != pair or name:
        _check_pair(call, said)
    _check_lengths(call, said, names, known)
    if person is None and given.get("user_id") is not None:
        person = read_user_id(given["user_id"])
    values = _read_values(call, given)
    if title := _read_text(given, "name"):
        values["name"] = title
    return Content(said, names, values, person, default_name(names))


def read_patch(call: Call, pair: Pair, *, known: Sequence[Name] = ()) -> Content:
    """Some of a profile, with the names `known`; source, type and user_id are ignored."""
    given = _read_profile(call)
    names = _read_names(given)
    _check_lengths(call, pair, names, known)
    values = _read_values(call, given)
    if "name" in given:
        values["name"] = _read_text(given, "name")
    return Content(pair, names, values)


def read_user_id(raw: Any) -> int:
    """A user's number, which comes as text. Raises ApiError, in the shape that Zendesk has for it."""
    text = str(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if not _USER_ID.fullmatch(text) or not 0 < int(text) <= _LARGEST_USER_ID:
        raise InvalidAttribute("user_id has to be the number of a user.")
    return int(text)


def _read_profile(call: Call) -> dict[str, Any]:
    body = call.json()
    given = body.get("profile") if isinstance(body, dict) else None
    if not isinstance(given, dict):
        raise ApiError(Reason.BAD_REQUEST, "The body has to be an object with the object “profile”.")
    return given


def _read_names(given: dict[str, Any]) -> list[Name]:
    return read_names(given["identifiers"]) if given.get("identifiers") is not None else []


def _read_values(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    return read_attributes(given.get("attributes"), schema_of(call.workspace))


def _read_text(given: dict[str, Any], key: str) -> str:
    value = given.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str | None):
        raise ApiError(Reason.BAD_REQUEST, f"{key} has to be a string.")
    return (value or "").strip()


def _check_pair(call: Call, pair: Pair) -> None:
    if pair != native_pair(call.workspace):
        check_pair(pair)


def _check_lengths(call: Call, pair: Pair, names: Sequence[Name], known: Sequence[Name]) -> None:
    """Zendesk's limits; names of our own, and those that there are already, may be longer."""
    longest = LONGEST_STORED if pair == native_pair(call.workspace) else LONGEST_VALUE
    for name in names:
        if name not in known:
            check_lengths(name, longest=longest)
