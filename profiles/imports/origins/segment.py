"""Segment and what speaks like it: identify calls, one a line or in batches."""

from typing import Any, Final

from profiles.models import IdentifierKind

from .person import NAMES, Origin, Person, described, identified, name_of

_NAMES: Final = {**NAMES, "jobTitle": "title", "job_title": "title"}


def read(record: dict[str, Any]) -> Person:
    kind = record.get("type", "identify")
    if kind != "identify":
        raise ValueError(f"A “{str(kind)[:40]}” call holds no profile: only identify calls do.")
    if not record.keys() & {"userId", "anonymousId"}:
        raise ValueError("An identify call has “userId” or “anonymousId”; this record has neither.")
    context = record.get("context")
    traits = context.get("traits") if isinstance(context, dict) else None
    values = {
        **described(traits, _NAMES, "context.traits"),
        **described(record.get("traits"), _NAMES, "traits"),
    }
    person = Person(values)
    user, anonymous = name_of(record.get("userId")), name_of(record.get("anonymousId"))
    if user and anonymous != user:
        person.know_as(anonymous, IdentifierKind.ANONYMOUS_ID, source="segment")
    return identified(person, user or anonymous)


ORIGIN = Origin("Segment", ("batch",), read)
