"""`If-Match` on writes: what was read is changed only as long as it is still so (RFC 9110, 13.1.1)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.http import parse_etags

from profiles.api.common import ApiError, Reason
from profiles.operations.unless_changed import ChangedMeanwhile, Seen
from profiles.queries.records import Record

from .answers import etag
from .protocol import OwnRequest


def is_conditional(request: OwnRequest) -> bool:
    return "If-Match" in request.headers


def seen_by(request: OwnRequest, found: Record | None) -> Seen | None:
    """The version that the caller saw, which is that of `found`; None where any will do.

    Raises ApiError (412) where it is another. That it still is when the write comes to it is looked at again,
    behind a lock: see operations/unless_changed.py.
    """
    if not is_conditional(request):
        return None
    # The tag of an answer that was packed on its way became a weak one; it means one state all the same.
    tags = [each.removeprefix("W/") for each in parse_etags(request.headers["If-Match"])]
    if found and "*" in tags:
        return None
    if not found or etag(found) not in tags:
        raise failed("The profile is not as If-Match says. Read it again, and decide anew.")
    return Seen(found.id, found.updated_at)


@contextmanager
def said_as_412() -> Iterator[None]:
    try:
        yield
    except ChangedMeanwhile as error:
        raise failed(str(error)) from None


def failed(sentence: str) -> ApiError:
    return ApiError(Reason.CONFLICT, sentence, status=412)
