"""Parameters of URLs that several operations take, and what they mean."""

from typing import Final, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import P, QueryEx

from profiles.api.common import ApiError, Reason
from profiles.models import Environment as Places
from profiles.models import Profile
from profiles.queries.keys import Wanted
from profiles.queries.merges import heir_of
from profiles.queries.names import is_possible
from profiles.queries.records import Record, record, record_named
from profiles.schema import Schema, schema_of

from .answers import OBJECTS, PLAIN, Fields
from .bodies import suggested
from .protocol import OwnRequest, Problem
from .reach import environment_of, reaches

DistinctId = QueryEx[
    str, P(description="The distinct ID; one that was absorbed by a merge leads to who absorbed it.")
]
Environment = QueryEx[
    Literal["live", "test"] | None, P(description="Where, if not in the environment of the key.")
]
FieldsText = QueryEx[
    str, P(description="Members to answer, with commas between: `email,tags,custom.plan`. Else all.")
]
Include = QueryEx[str, P(description="`identifiers`: with its other names.", pattern="^(identifiers)?$")]
_MOST_FIELDS: Final = 300
_KNOWN: Final = (None, *Places.values)


def by_id(request: OwnRequest, profile_id: str) -> Record:
    """The profile of this id. Raises ApiError (404), also for one of another workspace."""
    try:
        found = record(request.call.workspace, UUID(profile_id))
    except ValueError:
        found = None
    if found is None or not reaches(request.call, found.environment):
        raise ApiError(Reason.NOT_FOUND, "There is no profile with this id.")
    return found


def by_id_or_heir(request: OwnRequest, profile_id: str) -> Record:
    """The same, or the profile that took that in, as its distinct ID leads there, too."""
    try:
        return by_id(request, profile_id)
    except ApiError:
        heir = _heir_of(request, profile_id)
        if heir is None:
            raise
        return by_id(request, str(heir.pk))


def _heir_of(request: OwnRequest, profile_id: str) -> Profile | None:
    try:
        return heir_of(request.call.workspace, UUID(profile_id))
    except ValueError:
        return None


def named_in_url(request: HttpRequest) -> Wanted | None:
    """Whom `by_distinct_id` is about to look for."""
    distinct_id, environment = request.GET.get("distinct_id", ""), request.GET.get("environment")
    is_understood = is_possible(distinct_id) and environment in _KNOWN
    return Wanted(distinct_id, environment) if is_understood else None


def by_distinct_id(request: OwnRequest, distinct_id: str, environment: str | None) -> Record:
    environment = environment_of(request.call, environment)
    found = request.call.found
    if not found or (found.distinct_id, found.environment) != (distinct_id, environment):
        found = record_named(request.call.workspace, environment, distinct_id)
    if found is None:
        raise ApiError(Reason.NOT_FOUND, no_profile(environment, distinct_id))
    return found


def no_profile(environment: str, distinct_id: str) -> str:
    return f"There is no {environment} profile with the distinct ID “{distinct_id[:120]}”."


def read_fields(request: OwnRequest, text: str) -> Fields | None:
    """What `fields` asks for; None for all. Raises Problem for members that no profile has."""
    if not text:
        return None
    schema = schema_of(request.call.workspace)
    fields: dict[str, frozenset[str] | None] = {}
    errors = []
    for path in dict.fromkeys(map(str.strip, text.split(",")[:_MOST_FIELDS])):
        kind, dot, key = path.partition(".")
        if path in PLAIN or path in OBJECTS.values():
            fields[path] = None
        elif dot and kind in OBJECTS and (path in schema.fields or path in schema.archived):
            member = OBJECTS[kind]
            if member not in fields or fields[member] is not None:
                fields[member] = (fields.get(member) or frozenset()) | {key}
        elif path:
            errors.append({"parameter": "fields", "detail": _no_member(path, schema)})
    if errors:
        raise Problem(Reason.REFUSED, errors[0]["detail"], errors=errors)
    return fields


def _no_member(path: str, schema: Schema) -> str:
    return f"A profile has no member “{path[:120]}”.{suggested(path, schema)}"
