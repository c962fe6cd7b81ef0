"""One profile, found by any of its names."""

from typing import Any, Final

from django.http import HttpResponse
from django.utils.http import parse_etags
from ninja import P, QueryEx

from profiles.api.common import ApiError, Reason
from profiles.models import Identifier, Scope
from profiles.queries.records import Record, record_identified

from .answers import answer, document, etag
from .api import About, Sample, operation
from .parameters import (
    DistinctId,
    Environment,
    FieldsText,
    Include,
    by_distinct_id,
    by_id_or_heir,
    named_in_url,
    read_fields,
)
from .protocol import OwnRequest
from .reach import environment_of
from .shapes import ProfileOut

TAG: Final = "Profiles"
SAMPLE_ID: Final = "0b8e2c1f-6f5d-8b52-9a3e-7f2f6c1d4e55"


@operation(
    "GET",
    "/profiles/by-distinct-id",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="Read a profile by its distinct ID",
        answers={200: ProfileOut},
        sample=Sample("/profiles/by-distinct-id", query={"distinct_id": "crm/4711"}),
        problems=(404,),
        has_etag=True,
        foresee=named_in_url,
    ),
)
def read_by_distinct_id(
    request: OwnRequest,
    distinct_id: DistinctId,
    environment: Environment = None,
    fields: FieldsText = "",
    include: Include = "",
) -> HttpResponse:
    """Any text may be a distinct ID, slashes and percent signs too: so it is a parameter, percent-encoded.

    An ID that was absorbed by a merge leads to the profile that absorbed it.
    """
    return shown(request, by_distinct_id(request, distinct_id, environment), fields, include)


@operation(
    "GET",
    "/profiles/by-identifier",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="Read a profile by one of its other names",
        answers={200: ProfileOut},
        sample=Sample("/profiles/by-identifier", query={"kind": "crm_id", "value": "C-1001"}),
        problems=(404,),
        has_etag=True,
    ),
)
def read_by_identifier(
    request: OwnRequest,
    kind: QueryEx[str, P(description="The kind of name: `email`, `phone_number`, your own.")],
    value: str,
    source: str = "",
    type: str = "",
    environment: Environment = None,
    fields: FieldsText = "",
    include: Include = "",
) -> HttpResponse:
    """All four must be what they were when the name was given; `source` and `type` are empty by default."""
    found = record_identified(
        request.call.workspace,
        environment_of(request.call, environment),
        kind=kind,
        value=value,
        source=source,
        type=type,
    )
    if found is None:
        raise ApiError(Reason.NOT_FOUND, "No profile has this identifier.")
    return shown(request, found, fields, include)


@operation(
    "GET",
    "/profiles/{profile_id}",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="Read a profile by its id",
        answers={200: ProfileOut},
        sample=Sample(f"/profiles/{SAMPLE_ID}", query={"fields": "email,tags,custom.plan"}),
        problems=(404,),
        has_etag=True,
    ),
)
def read_by_id(
    request: OwnRequest, profile_id: str, fields: FieldsText = "", include: Include = ""
) -> HttpResponse:
    """The id is ours: every answer with a profile has it. It is of one environment, live or test.

    An id that was absorbed by a merge leads to the profile that absorbed it, here and for changes. Deletions
    and merges want the id of a profile that is there.
    """
    return shown(request, by_id_or_heir(request, profile_id), fields, include)


def shown(request: OwnRequest, found: Record, fields: str = "", include: str = "") -> HttpResponse:
    """The profile with its ETag, or that it is still as the caller knows it."""
    tag = etag(found)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("If-None-Match")
    if known and {tag, "*"} & {each.removeprefix("W/") for each in parse_etags(known)}:
        return HttpResponse(status=304, headers=headers)
    body = document(found, read_fields(request, fields))
    if include:
        body["identifiers"] = identifiers_of(found)
    return answer(body, headers=headers)


def identifiers_of(found: Record) -> list[dict[str, Any]]:
    """A profile's other names, the oldest first."""
    names = Identifier.objects.filter(profile_id=found.id).order_by("created_at", "pk")
    return [dict(name) for name in names.values("kind", "value", "source", "type", "created_at")]
