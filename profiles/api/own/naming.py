"""Tags and identifiers of a profile: given and taken one by one, whatever others do to the rest."""

from typing import Any

from django.http import HttpResponse

from profiles.models import Scope
from profiles.operations.rows import ProfileRow
from profiles.queries.records import Record
from profiles.schema import schema_of

from .answers import answer, etag
from .api import About, Sample, operation
from .bodies import body_of, refused
from .conditions import seen_by
from .parameters import by_id_or_heir
from .protocol import OwnRequest
from .reading import SAMPLE_ID, identifiers_of
from .shapes import IdentifierList, IdentifiersChange, TagList, TagsChange
from .storing import write


@operation(
    "POST",
    "/profiles/{profile_id}/tags",
    About(
        scope=Scope.WRITE,
        tag="Tags and identifiers",
        summary="Give and take tags",
        answers={200: TagList},
        sample=Sample(f"/profiles/{SAMPLE_ID}/tags", body={"add": ["vip"], "remove": ["trial"]}),
        body=TagsChange,
        problems=(404, 412),
        is_conditional=True,
        has_etag=True,
    ),
)
def change_tags(request: OwnRequest, profile_id: str) -> HttpResponse:
    """Case is kept, and ignored in comparisons. A profile has at most 100 tags, of up to 64 characters."""
    found = by_id_or_heir(request, profile_id)
    change = body_of(request, TagsChange)
    now = _write(request, found, add_tags=_tags(request, change.add, "add"), remove_tags=change.remove)
    return answer({"tags": now.tags}, headers={"ETag": etag(now)})


@operation(
    "GET",
    "/profiles/{profile_id}/identifiers",
    About(
        scope=Scope.READ,
        tag="Tags and identifiers",
        summary="List a profile's other names",
        answers={200: IdentifierList},
        sample=Sample(f"/profiles/{SAMPLE_ID}/identifiers"),
        problems=(404,),
    ),
)
def list_identifiers(request: OwnRequest, profile_id: str) -> HttpResponse:
    """The oldest first. Those of kind `distinct_id` were absorbed by a merge, and lead here."""
    return answer({"identifiers": identifiers_of(by_id_or_heir(request, profile_id))})


@operation(
    "POST",
    "/profiles/{profile_id}/identifiers",
    About(
        scope=Scope.WRITE,
        tag="Tags and identifiers",
        summary="Give and take other names",
        answers={200: IdentifierList},
        sample=Sample(
            f"/profiles/{SAMPLE_ID}/identifiers",
            body={"add": [{"kind": "crm_id", "value": "C-1001"}], "remove": []},
        ),
        body=IdentifiersChange,
        problems=(404, 412),
        is_conditional=True,
        has_etag=True,
    ),
)
def change_identifiers(request: OwnRequest, profile_id: str) -> HttpResponse:
    """A name that another profile has is refused; to take one that it has not does nothing."""
    found = by_id_or_heir(request, profile_id)
    change = body_of(request, IdentifiersChange)
    now = _write(
        request,
        found,
        identifiers=[each.named() for each in change.add],
        remove_identifiers=[each.named() for each in change.remove],
    )
    return answer({"identifiers": identifiers_of(now)}, headers={"ETag": etag(now)})


def _write(request: OwnRequest, found: Record, **given: Any) -> Record:
    row = ProfileRow(found.distinct_id, found.environment, **given)
    return write(request, row, mode="update", seen=seen_by(request, found))


def _tags(request: OwnRequest, given: list[str], member: str) -> list[str]:
    """The names as they are kept. Raises Problem."""
    validated = schema_of(request.call.workspace).validate({"tags": given})
    if validated.errors:
        raise refused([{"pointer": f"#/{member}", "detail": validated.errors[0].message}])
    tags: list[str] = validated.values["tags"]
    return tags
