"""Who calls, and how problems are told: as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from profiles.api.common import ApiError, Call, Credentials, Protocol, Reason
from profiles.models import Door

PER_MINUTE: Final = 6_000
BASE: Final = "/api/v1"
DOCS: Final = "/api/docs"
MEDIA_TYPE: Final = "application/problem+json"
# Title, and what to do about it.
KINDS: Final[Mapping[Reason, tuple[str, str]]] = {
    Reason.NO_CREDENTIALS: ("No key", "Send Authorization: Bearer and the secret of a key."),
    Reason.BAD_SECRET: ("No such key", "Look whether the whole secret was sent, and to the right server."),
    Reason.KEY_REVOKED: ("The key is revoked", "An admin ended it. Ask for another one."),
    Reason.KEY_EXPIRED: ("The key has expired", "Ask an admin for another one."),
    Reason.MISSING_SCOPE: ("The key lacks a scope", "Ask an admin for a key that may do this."),
    Reason.TOO_MANY_REQUESTS: ("Too many requests", "Wait as many seconds as Retry-After says."),
    Reason.TOO_MANY_AT_ONCE: ("Too many requests at once", "Wait until others are answered."),
    Reason.BAD_BODY: ("The body cannot be read", "Send JSON, whole and in UTF-8, plain or packed with gzip."),
    Reason.BODY_TOO_LARGE: ("The body is too large", "Send it in parts of up to 10 MB."),
    Reason.BAD_REQUEST: ("The request cannot be understood", "The detail says what is wrong."),
    Reason.NOT_FOUND: ("Not found", "It was deleted, never was, or is not of the key's workspace."),
    Reason.METHOD_NOT_ALLOWED: ("Not for this path", "Allow says which methods are."),
    Reason.CONFLICT: ("Conflict", "Something exists already or was changed meanwhile: read it, decide anew."),
    Reason.REFUSED: ("Refused", "Each of the errors says what does not fit and where; nothing was done."),
    Reason.UNAVAILABLE: ("Not available", "Try again as many seconds later as Retry-After says."),
    Reason.FAILED: (
        "Something went wrong",
        "It is our mistake. Name the instance to who runs the server.",
    ),
}


class OwnRequest(HttpRequest):
    """What the functions of this API get: a request that was let in."""

    call: Call
    request_id: str


class Problem(ApiError):
    """An ApiError with what is wrong at which place: `pointer` into the body or `parameter` of the URL."""

    def __init__(
        self,
        reason: Reason,
        sentence: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        status: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason, sentence, status=status, headers=headers)
        self.errors = errors


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    """Bearer secret; the secret alone tells the workspace."""
    kind, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise ApiError(Reason.NO_CREDENTIALS, "Send a key: Authorization: Bearer and its secret.")
    return Credentials(secret.strip())


def fail(request: HttpRequest, error: ApiError) -> HttpResponse:
    """`instance` names the request, as the log does."""
    said: dict[str, Any] = {
        "type": f"{DOCS}#{error.reason.value}",
        "title": KINDS[error.reason][0] if error.reason in KINDS else HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": str(error),
        "instance": f"urn:request:{getattr(request, 'request_id', '')}",
    }
    if isinstance(error, Problem) and error.errors:
        said["errors"] = error.errors
    answer = HttpResponse(orjson.dumps(said), status=error.status, content_type=MEDIA_TYPE)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Profiles"'
    return answer


own = Protocol(Door.API, credentials, fail, per_minute=PER_MINUTE)
