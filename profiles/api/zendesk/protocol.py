"""Who calls, and how Zendesk says that something is wrong."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, JsonResponse

from profiles.api.common import ApiError, Credentials, Protocol, Reason
from profiles.models import Door

PER_MINUTE: Final = 700
_CODES = {
    400: "ClientError",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    413: "PayloadTooLarge",
    415: "UnsupportedMediaType",
    422: "ClientError",
    429: "TooManyRequests",
    503: "ServiceUnavailable",
}


class InvalidAttribute(ApiError):
    """What is wrong with a user's number, which Zendesk says in a shape of its own."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Reason.BAD_REQUEST, sentence)


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    """Basic `anything/token:secret`, or Bearer; the secret alone tells the workspace."""
    kind, _, given = request.headers.get("Authorization", "").strip().partition(" ")
    given = given.strip()
    if kind.lower() == "bearer" and given:
        return Credentials(given)
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise ApiError(Reason.NO_CREDENTIALS, "The header Authorization cannot be read.") from None
        if name.endswith("/token") and secret:
            return Credentials(secret)
    raise ApiError(
        Reason.NO_CREDENTIALS,
        "Couldn't authenticate you: basic authentication with anything/token and a key, or Bearer.",
        headers={"WWW-Authenticate": 'Basic realm="Profiles"'},
    )


def fail(request: HttpRequest, error: ApiError) -> JsonResponse:
    """`id` is that of the request, which the log has too (contracts 5c)."""
    if isinstance(error, InvalidAttribute):
        return JsonResponse({"error": {"title": "Invalid attribute", "message": str(error)}}, status=400)
    status = 400 if error.status == 422 else error.status
    code = _CODES.get(status, "ServerError")
    said = {"code": code, "id": getattr(request, "request_id", ""), "title": str(error)}
    return JsonResponse({"errors": [said]}, status=status)


zendesk = Protocol(Door.ZENDESK, credentials, fail, per_minute=PER_MINUTE)
