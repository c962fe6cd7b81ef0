"""Who calls, how Fyno says that something is wrong, and how it answers."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from profiles.api.common import ApiError, Call, Credentials, Protocol, Reason
from profiles.models import Door

PER_MINUTE: Final = 6_000
"""Fyno publishes no limit."""
STRANGER: Final = "Invalid API details"


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    """Bearer secret; workspace and version (live or test) are in the path.

    The client library of Fyno takes workspace IDs of 10 to 20 characters only: hyphens may stand behind a
    shorter slug, which never ends with one itself.
    """
    kind, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise ApiError(Reason.NO_CREDENTIALS, STRANGER)
    return Credentials(
        secret.strip(), workspace=arguments["workspace"].rstrip("-"), environment=arguments["version"]
    )


def fail(request: HttpRequest, error: ApiError) -> HttpResponse:
    sentence = STRANGER if error.status == 401 else str(error)
    return answer(
        {"status": "error", "_message": sentence}, status=400 if error.status == 422 else error.status
    )


fyno = Protocol(Door.FYNO, credentials, fail, per_minute=PER_MINUTE)


def answer(body: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=status)


def done(sentence: str, *, status: int = 200) -> HttpResponse:
    return answer({"status": "ok", "_message": sentence}, status=status)


def wrong(sentence: str) -> ApiError:
    """A missing profile, too, is a bad request to Fyno (contracts 1b)."""
    return ApiError(Reason.BAD_REQUEST, sentence)


def object_in(call: Call) -> dict[str, Any]:
    """The body, which is a JSON object. Raises ApiError."""
    body = call.json()
    if not isinstance(body, dict):
        raise wrong("The body has to be a JSON object.")
    return body
