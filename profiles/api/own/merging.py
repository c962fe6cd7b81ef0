"""Two profiles become one, and two again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import P, QueryEx

from profiles.api.common import ApiError, Reason
from profiles.errors import Refused
from profiles.models import Merge, Profile, Scope
from profiles.operations.merging import merge_profiles, unmerge
from profiles.operations.unless_changed import Seen
from profiles.queries.records import Record, record_named

from .answers import answer, document, etag
from .api import About, Sample, operation
from .bodies import body_of, refused
from .conditions import failed, seen_by
from .listing import next_page
from .parameters import by_id, by_id_or_heir, no_profile
from .protocol import OwnRequest
from .reading import SAMPLE_ID, TAG
from .shapes import MergeIn, MergeOut, MergePage, ProfileOut
from .storing import values_of

SAMPLE_MERGE: Final = 42
_LARGEST: Final = 2**63 - 1


@operation(
    "POST",
    "/profiles/{profile_id}:merge",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Merge another profile into one",
        answers={200: ProfileOut},
        sample=Sample(
            f"/profiles/{SAMPLE_ID}:merge",
            body={"distinct_id": "crm/4712", "values": {"email": "alice@example.com"}},
        ),
        body=MergeIn,
        problems=(404, 412),
        is_conditional=True,
        has_etag=True,
    ),
)
def merge(request: OwnRequest, profile_id: str) -> HttpResponse:
    """What the profile of the address has wins, what it lacks it gets; tags, names and histories are united.
    The other one is no more, and its distinct ID leads here from then on, until the merge is taken back.
    """
    call = request.call
    survivor = by_id(request, profile_id)
    body = body_of(request, MergeIn)
    absorbed = _other(request, body, survivor)
    seen = seen_by(request, survivor)
    with transaction.atomic(), _said_as_412(seen):
        merge_profiles(
            call.workspace,
            absorbed=absorbed.id,
            survivor=survivor.id,
            door=call.door,
            actor=call.key,
            chosen=values_of(call, body.values, "#/values"),
            seen={seen.id: seen.updated_at} if seen else None,
        )
    found = by_id(request, profile_id)
    return answer(document(found), headers={"ETag": etag(found)})


@operation(
    "GET",
    "/profiles/{profile_id}/merges",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="List the profiles that one took in",
        answers={200: MergePage},
        sample=Sample(f"/profiles/{SAMPLE_ID}/merges"),
        problems=(404,),
    ),
)
def list_merges(
    request: OwnRequest,
    profile_id: str,
    limit: QueryEx[int, P(ge=1, le=100, description="Merges on a page.")] = 25,
    before: QueryEx[int | None, P(ge=1, le=_LARGEST, description="Older than this one.")] = None,
) -> HttpResponse:
    """The newest first, whoever merged them. Those that were taken back are not among them."""
    merges = _merges(by_id_or_heir(request, profile_id))
    if before is not None:
        merges = merges.filter(pk__lt=before)
    found = list(merges.order_by("-pk").values(*MergeOut.model_fields)[: limit + 1])
    more = next_page(request, before=str(found[limit - 1]["id"])) if len(found) > limit else None
    return answer({"merges": found[:limit], "next": more})


@operation(
    "POST",
    "/profiles/{profile_id}/merges/{merge_id}:undo",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Take a merge back",
        answers={200: ProfileOut},
        sample=Sample(f"/profiles/{SAMPLE_ID}/merges/{SAMPLE_MERGE}:undo"),
        problems=(404,),
        has_etag=True,
    ),
)
def undo_merge(request: OwnRequest, profile_id: str, merge_id: str) -> HttpResponse:
    """Answers with the profile that was taken in: it is back with its id, values, names and history, and the
    other one loses what it got from it.

    What was written to other values since stays. Where a value that the merge wrote was changed since, or a
    name was taken away, the answer is 409, says what stands in the way, and nothing is done.
    """
    call = request.call
    survivor = by_id_or_heir(request, profile_id)
    merge = _merges(survivor).filter(pk=_number(merge_id)).first()
    if merge is None:
        raise ApiError(Reason.NOT_FOUND, "This profile has no such merge, or it was taken back already.")
    try:
        brought = unmerge(merge, door=call.door, actor=call.key)
    except Refused as refusal:
        raise ApiError(Reason.CONFLICT, str(refusal)) from None
    found = by_id(request, str(brought.pk))
    return answer(document(found), headers={"ETag": etag(found)})


def _merges(found: Record) -> QuerySet[Merge]:
    """Those that can be taken back; not new distinct IDs."""
    return Merge.objects.filter(profile_id=found.id).exclude(snapshot={})


def _number(text: str) -> int:
    """0, which none has, for what is no number of a merge."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@contextmanager
def _said_as_412(seen: Seen | None) -> Iterator[None]:
    """Where the merge was refused because the survivor is not as it was seen any more."""
    try:
        yield
    except Refused as refusal:
        if seen and not Profile.objects.filter(pk=seen.id, updated_at=seen.updated_at).exists():
            raise failed(str(refusal)) from None
        raise


def _other(request: OwnRequest, body: MergeIn, survivor: Record) -> Record:
    """Raises ApiError (404), and Problem where the body names nobody or two."""
    if (body.id is None) == (body.distinct_id is None):
        raise refused([{"pointer": "#", "detail": "Say whom by id or by distinct_id."}])
    if body.id is not None:
        return by_id(request, str(body.id))
    name = body.distinct_id or ""
    found = record_named(request.call.workspace, survivor.environment, name)
    if found is None:
        raise ApiError(Reason.NOT_FOUND, no_profile(survivor.environment, name))
    return found
