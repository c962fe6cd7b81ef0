"""What can go wrong before or beside the work of a protocol; each says it in its own shape."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Why a request is refused, for protocols that have different words or codes for it."""

    NO_CREDENTIALS = "no_credentials"
    BAD_WORKSPACE = "bad_workspace"
    BAD_SECRET = "bad_secret"
    KEY_REVOKED = "key_revoked"
    KEY_EXPIRED = "key_expired"
    MISSING_SCOPE = "missing_scope"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_AT_ONCE = "too_many_at_once"
    BAD_BODY = "bad_body"
    BODY_TOO_LARGE = "body_too_large"
    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONFLICT = "conflict"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


STATUS: Mapping[Reason, int] = {
    Reason.NO_CREDENTIALS: 401,
    Reason.BAD_WORKSPACE: 401,
    Reason.BAD_SECRET: 401,
    Reason.KEY_REVOKED: 401,
    Reason.KEY_EXPIRED: 401,
    Reason.MISSING_SCOPE: 403,
    Reason.TOO_MANY_REQUESTS: 429,
    Reason.TOO_MANY_AT_ONCE: 429,
    Reason.BAD_BODY: 400,
    Reason.BODY_TOO_LARGE: 413,
    Reason.BAD_REQUEST: 400,
    Reason.NOT_FOUND: 404,
    Reason.METHOD_NOT_ALLOWED: 405,
    Reason.CONFLICT: 409,
    Reason.REFUSED: 422,
    Reason.UNAVAILABLE: 503,
    Reason.FAILED: 500,
}


class ApiError(Exception):
    """The request is refused. `str(error)` is a sentence for its sender; `status` is the usual HTTP code."""

    def __init__(
        self, reason: Reason, sentence: str, *, status: int = 0, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.status = status or STATUS[reason]
        self.headers = dict(headers or {})
