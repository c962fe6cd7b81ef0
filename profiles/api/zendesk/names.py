"""Identifiers as Zendesk writes them: in a query, and in the array of a body (contracts 5b)."""

from typing import Any, Final

from django.http import HttpRequest

from profiles.api.common import ApiError, Reason
from profiles.queries.faces import PHONE, Name, Pair

LONGEST_SOURCE: Final = 40
LONGEST_TYPE: Final = 40
LONGEST_KIND: Final = 60
LONGEST_VALUE: Final = 60
LONGEST_STORED: Final = 1_024
_LONGEST_TITLE: Final = 255
_LOWERED: Final = ("email", "twitter")
_RESERVED: Final = "zendesk"
# The standard types in the order in which they give the name of somebody who has none.
_NAMED: Final = {
    "email": "{}",
    "external_id": "User {}",
    "phone_number": "User {}",
    "twitter": "Twitter user {}",
    "facebook": "Facebook user {}",
    "sdk": "SDK user {}",
}


def read_query(request: HttpRequest) -> tuple[Pair, Name]:
    """`?identifier=source:type:identifier_type:identifier_value`, of which the value may contain colons."""
    parts = request.GET.get("identifier", "").split(":", 3)
    if len(parts) < 4 or not all(part.strip() for part in parts):
        raise _bad("identifier has to be source:type:identifier_type:identifier_value.")
    source, kind_of_profile, kind, value = parts
    if kind == PHONE and value.startswith(" "):
        value = "+" + value[1:]  # A plus that was not encoded arrives as a space.
    pair, name = Pair(source.strip(), kind_of_profile.strip()), normal(kind, value)
    if not all(map(_is_storable, (*pair, *name))):
        raise _bad("identifier has characters that cannot be stored.")
    return pair, name


def read_names(raw: Any) -> list[Name]:
    """The array of a body. Raises ApiError where it is none, or has the same identifier twice."""
    if not isinstance(raw, list) or not raw:
        raise _bad("identifiers has to be an array of at least one object with type and value.")
    names = [_read_name(each) for each in raw]
    if len(set(names)) < len(names):
        raise _bad("identifiers has the same identifier more than once.")
    return names


def check_pair(pair: Pair) -> None:
    """Raise ApiError where no profile may be written under this source and type."""
    for what, text, most in (("source", pair.source, LONGEST_SOURCE), ("type", pair.type, LONGEST_TYPE)):
        if not text or len(text) > most or ":" in text or not _is_storable(text):
            raise _bad(f"{what} has 1 to {most} printable characters, and no colon.")
    if pair.source.lower() == _RESERVED:
        raise _bad("source: “zendesk” is reserved.")


def check_lengths(name: Name, *, longest: int = LONGEST_VALUE) -> None:
    if len(name.kind) > LONGEST_KIND or len(name.value) > longest:
        raise _bad(
            f"An identifier has a type of at most {LONGEST_KIND} characters, "
            f"and a value of at most {longest:,}."
        )


def normal(kind: str, value: str) -> Name:
    kind, value = kind.strip(), value.strip()
    return Name(kind, value.lower() if kind in _LOWERED else value)


def default_name(names: list[Name]) -> str:
    """What somebody without a name is called: after the first standard type there is, else the first one."""
    by_kind = {name.kind: name.value for name in reversed(names)}
    for kind, form in _NAMED.items():
        if kind in by_kind:
            return form.format(by_kind[kind])[:_LONGEST_TITLE]
    return f"{names[0].kind} user {names[0].value}"[:_LONGEST_TITLE] if names else ""


def _read_name(raw: Any) -> Name:
    given = raw if isinstance(raw, dict) else {}
    kind, value = given.get("type"), given.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(kind, str) or not isinstance(value, str):
        raise _bad("An identifier is an object with a type and a value, both strings.")
    name = normal(kind, value)
    if not name.kind or not name.value or not all(map(_is_storable, name)):
        raise _bad("The type and the value of an identifier are printable and not empty.")
    if ":" in name.kind:
        raise _bad("The type of an identifier has no colon.")
    return name


def _is_storable(text: str) -> bool:
    return len(text) <= LONGEST_STORED and text.isprintable()


def _bad(sentence: str) -> ApiError:
    return ApiError(Reason.BAD_REQUEST, sentence)
