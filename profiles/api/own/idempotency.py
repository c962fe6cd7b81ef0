"""`Idempotency-Key`: a request that comes twice within 24 hours is done once, and answered twice."""

import re
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from profiles.api.common import ApiError, Call, Reason
from profiles.models import StoredAnswer
from profiles.operations.idempotency import LONGEST, AnotherRequest, AtWork, Deed, mark_of, once

HEADER: Final = "Idempotency-Key"
_NAME: Final = re.compile(rf"[!-~]{{1,{LONGEST}}}")
_KEPT: Final = ("Content-Type", "ETag", "Location", "Link")


def idempotent(call: Call, view: Callable[..., HttpResponseBase], **arguments: Any) -> HttpResponseBase:
    """Answer by `view`, or as it was answered before. What is refused is not kept: nothing was done."""
    name = call.request.headers.get(HEADER)
    if name is None:
        return view(call.request, **arguments)
    if not _NAME.fullmatch(name):
        sentence = f"An Idempotency-Key has 1 to {LONGEST} letters, digits and signs of ASCII, no spaces."
        raise ApiError(Reason.BAD_REQUEST, sentence)
    deed = Deed(call.key, name, _mark(call))
    try:
        with once(deed):
            if known := deed.known():
                return _again(known)
            answer = view(call.request, **arguments)
            if isinstance(answer, HttpResponse):
                headers = {each: answer.headers[each] for each in _KEPT if each in answer.headers}
                deed.keep(status=answer.status_code, headers=headers, body=answer.content)
            return answer
    except AtWork as error:
        raise ApiError(Reason.CONFLICT, str(error), headers={"Retry-After": "1"}) from None
    except AnotherRequest as error:
        raise ApiError(Reason.REFUSED, str(error)) from None


def _mark(call: Call) -> str:
    request = call.request
    condition = request.headers.get("If-Match", "")
    return mark_of(
        (request.method or "").encode(),
        request.get_full_path().encode(errors="surrogatepass"),
        condition.encode(errors="surrogatepass"),
        call.body(),
    )


def _again(known: StoredAnswer) -> HttpResponse:
    headers = {**known.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(bytes(known.body), status=known.status or 200, headers=headers)
