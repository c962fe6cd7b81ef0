"""One profile: created, changed, replaced, deleted."""

from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse
from ninja import P, QueryEx

from profiles.api.common import ApiError, Reason
from profiles.models import Scope
from profiles.operations.erase import erase_profiles
from profiles.operations.rows import Mode
from profiles.operations.unless_changed import hold_unchanged
from profiles.queries.records import Record, record_named

from .api import About, Sample, operation
from .bodies import object_of
from .conditions import failed, is_conditional, said_as_412, seen_by
from .parameters import DistinctId, Environment, by_distinct_id, by_id, by_id_or_heir, named_in_url
from .protocol import OwnRequest
from .reach import environment_of
from .reading import SAMPLE_ID, TAG
from .shapes import ProfileIn, ProfileOut, ProfilePatch
from .storing import Target, store

_PATCH: Final = {"email": "alice@example.com", "custom": {"plan": "pro", "trial_ends": None}}
_WHOLE: Final = {
    "distinct_id": "crm/4711",
    "first_name": "Alice",
    "last_name": "Liddell",
    "email": "alice@example.com",
    "tags": ["vip"],
    "custom": {"plan": "free"},
}
Why = QueryEx[str, P(description="Why, for the receipt.", max_length=500)]
Deny = QueryEx[bool, P(description="Whether to refuse this distinct ID from now on.")]


@operation(
    "POST",
    "/profiles",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Create a profile",
        answers={201: ProfileOut},
        sample=Sample("/profiles", body=_WHOLE),
        body=ProfileIn,
        problems=(409,),
        has_etag=True,
    ),
)
def create(request: OwnRequest, environment: Environment = None) -> HttpResponse:
    """Refused with 409 where somebody has this distinct ID already. Without one, one is made."""
    return store(request, object_of(request), Target(environment), mode="create")


@operation(
    "PATCH",
    "/profiles/by-distinct-id",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Change a profile by its distinct ID",
        answers={200: ProfileOut, 201: ProfileOut},
        sample=Sample(
            "/profiles/by-distinct-id", query={"distinct_id": "crm/4711", "create": "true"}, body=_PATCH
        ),
        body=ProfilePatch,
        problems=(404, 412),
        is_conditional=True,
        has_etag=True,
        foresee=named_in_url,
    ),
)
def change_by_distinct_id(
    request: OwnRequest,
    distinct_id: DistinctId,
    environment: Environment = None,
    create: QueryEx[bool, P(description="Whether to create the profile where there is none.")] = False,
) -> HttpResponse:
    """A merge patch, as for a profile by its id. With `create=true` it is an upsert."""
    where = environment_of(request.call, environment)
    body = object_of(request)
    target, seen, found = Target(where, distinct_id), None, request.call.found
    if is_conditional(request) or "distinct_id" in body:
        found = record_named(request.call.workspace, where, distinct_id)
        target, seen = target.known_as(found), seen_by(request, found)
    mode: Mode = "upsert" if create and not seen else "update"
    return store(request, body, target, mode=mode, seen=seen, known=found)


@operation(
    "PATCH",
    "/profiles/{profile_id}",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Change a profile",
        answers={200: ProfileOut},
        sample=Sample(f"/profiles/{SAMPLE_ID}", body=_PATCH),
        body=ProfilePatch,
        problems=(404, 412),
        is_conditional=True,
        has_etag=True,
    ),
)
def change_by_id(request: OwnRequest, profile_id: str) -> HttpResponse:
    """A merge patch (RFC 7396): what is absent stays as it is, null clears, `channels` and `custom` merge
    by key, other values are replaced as a whole.

    Custom properties that nobody has defined are defined by their first value, unless the workspace refuses
    unknown ones. A number, boolean or list keeps its type.
    """
    found, body = by_id_or_heir(request, profile_id), object_of(request)
    return store(request, body, Target.of(found), mode="update", seen=seen_by(request, found), known=found)


@operation(
    "PUT",
    "/profiles/by-distinct-id",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Create or replace a profile by its distinct ID",
        answers={200: ProfileOut, 201: ProfileOut},
        sample=Sample("/profiles/by-distinct-id", query={"distinct_id": "crm/4711"}, body=_WHOLE),
        body=ProfileIn,
        problems=(412,),
        is_conditional=True,
        has_etag=True,
    ),
)
def replace_by_distinct_id(
    request: OwnRequest, distinct_id: DistinctId, environment: Environment = None
) -> HttpResponse:
    """What is not given is cleared, but for `status`, `last_seen_at` and identifiers.

    With `If-None-Match: *` it only creates: 412 where there is one.
    """
    where = environment_of(request.call, environment)
    body, target = object_of(request), Target(where, distinct_id)
    if request.headers.get("If-None-Match", "").strip() == "*":
        return _create_only(request, body, target)
    found = record_named(request.call.workspace, where, distinct_id)
    return store(request, body, target.known_as(found), mode="replace", seen=seen_by(request, found))


def _create_only(request: OwnRequest, body: dict[str, Any], target: Target) -> HttpResponse:
    """Of two at once, one creates it."""
    try:
        return store(request, body, target, mode="create")
    except ApiError as error:
        if error.reason == Reason.CONFLICT:
            raise failed(str(error)) from None
        raise


@operation(
    "PUT",
    "/profiles/{profile_id}",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Replace a profile",
        answers={200: ProfileOut},
        sample=Sample(f"/profiles/{SAMPLE_ID}", body=_WHOLE),
        body=ProfileIn,
        problems=(404, 412),
        is_conditional=True,
        has_etag=True,
    ),
)
def replace_by_id(request: OwnRequest, profile_id: str) -> HttpResponse:
    """What is not given is cleared, but for `status`, `last_seen_at` and identifiers."""
    found = by_id_or_heir(request, profile_id)
    return store(request, object_of(request), Target.of(found), mode="replace", seen=seen_by(request, found))


@operation(
    "DELETE",
    "/profiles/by-distinct-id",
    About(
        scope=Scope.DELETE,
        tag=TAG,
        summary="Delete a profile by its distinct ID",
        answers={204: None},
        sample=Sample("/profiles/by-distinct-id", query={"distinct_id": "crm/4711"}),
        problems=(404, 412),
        is_conditional=True,
    ),
)
def delete_by_distinct_id(
    request: OwnRequest,
    distinct_id: DistinctId,
    environment: Environment = None,
    reason: Why = "",
    deny: Deny = False,
) -> HttpResponse:
    """For good, with everything that belongs to it. A receipt stays, which names nobody."""
    return _delete(request, by_distinct_id(request, distinct_id, environment), reason, deny)


@operation(
    "DELETE",
    "/profiles/{profile_id}",
    About(
        scope=Scope.DELETE,
        tag=TAG,
        summary="Delete a profile",
        answers={204: None},
        sample=Sample(f"/profiles/{SAMPLE_ID}", query={"reason": "Asked by the person"}),
        problems=(404, 412),
        is_conditional=True,
    ),
)
def delete_by_id(request: OwnRequest, profile_id: str, reason: Why = "", deny: Deny = False) -> HttpResponse:
    """For good, with everything that belongs to it. A receipt stays, which names nobody."""
    return _delete(request, by_id(request, profile_id), reason, deny)


def _delete(request: OwnRequest, found: Record, reason: str, deny: bool) -> HttpResponse:
    call, seen = request.call, seen_by(request, found)
    with transaction.atomic(), said_as_412():
        if seen:
            hold_unchanged(seen)
        receipt = erase_profiles(
            call.workspace, [found.id], source=call.door, actor=call.key, reason=reason, deny=deny
        )
    if not receipt.count:
        raise ApiError(Reason.NOT_FOUND, "There is no such profile any more.")
    return HttpResponse(status=204)
