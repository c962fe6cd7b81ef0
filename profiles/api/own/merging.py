"""Two profiles become one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse

from profiles.api.common import ApiError, Reason
from profiles.errors import Refused
from profiles.models import Profile, Scope
from profiles.operations.merging import merge_profiles
from profiles.operations.unless_changed import Seen
from profiles.queries.records import Record, record_named

from .answers import answer, document, etag
from .api import About, Sample, operation
from .bodies import body_of, refused
from .conditions import failed, seen_by
from .parameters import by_id, no_profile
from .protocol import OwnRequest
from .reading import SAMPLE_ID, TAG
from .shapes import MergeIn, ProfileOut
from .storing import values_of


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
    The other one is no more, and its distinct ID leads here from then on. The console can take it back.
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
