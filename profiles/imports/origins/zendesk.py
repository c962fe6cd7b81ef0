"""Zendesk: profiles as its API writes them, in `{"profiles": [...]}`, `{"profile": {...}}` or one a line."""

from typing import Any, Final

from .person import NAMES, Origin, Person, described, identified, name_of

_NAMED: Final = {"email": "email", "phone_number": "phone"}
_LOWERED: Final = ("email", "twitter")


def read(record: dict[str, Any]) -> Person:
    source, type = name_of(record.get("source")), name_of(record.get("type"))
    given = _identifiers(record.get("identifiers"))
    if not source or not type or not given:
        raise ValueError("A profile of Zendesk has a source, a type and identifiers.")
    person = Person(described(record.get("attributes"), NAMES, "attributes"))
    for kind, value in given:
        if kind in _NAMED:
            person.values.setdefault(_NAMED[kind], value)
        name = value.lower() if kind in _LOWERED else value
        person.know_as(name, kind, source=source, type=type)
    title = record.get("name")
    if isinstance(title, str) and title not in [value for _, value in given]:
        person.values.setdefault("name", title)
    if name_of(record.get("user_id")):
        person.values.setdefault("custom.zendesk_user_id", name_of(record["user_id"]))
    return identified(person, _distinct_id(record, given, f"{source}:{type}"))


def _identifiers(given: Any) -> list[tuple[str, str]]:
    """(type, value); numbers as text, as Zendesk itself has them."""
    pairs = given if isinstance(given, list) else []
    if any(not isinstance(pair, dict) for pair in pairs):
        raise ValueError("“identifiers” has to be a list of objects with “type” and “value”.")
    found = [(name_of(pair.get("type")), name_of(pair.get("value"))) for pair in pairs]
    return [(kind, value) for kind, value in found if kind and value]


def _distinct_id(record: dict[str, Any], given: list[tuple[str, str]], place: str) -> str:
    """The customer's own ID; else Zendesk's; else how Zendesk asks for the profile, which stays the same."""
    external = next((value for kind, value in given if kind == "external_id"), "")
    return external or name_of(record.get("id")) or ":".join([place, *given[0]])


ORIGIN = Origin("Zendesk", ("profiles", "profile"), read)
