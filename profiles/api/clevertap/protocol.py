"""Who calls, and how CleverTap says that something is wrong."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse

from profiles.api.common import ApiError, Credentials, Protocol, Reason
from profiles.models import Door

_SENTENCES = {
    Reason.BAD_WORKSPACE: "Account ID is not valid",
    Reason.BAD_SECRET: "Passcode Invalid",
    Reason.TOO_MANY_AT_ONCE: "Too many concurrent requests",
}


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    """Account ID is the workspace's slug, passcode the secret of a key."""
    account = request.headers.get("X-CleverTap-Account-Id", "").strip()
    passcode = request.headers.get("X-CleverTap-Passcode", "").strip()
    if not account:
        raise ApiError(Reason.NO_CREDENTIALS, "Account ID is not valid")
    if not passcode:
        raise ApiError(Reason.NO_CREDENTIALS, "Passcode Invalid")
    return Credentials(passcode, workspace=account)


def fail(request: HttpRequest, error: ApiError) -> JsonResponse:
    sentence = _SENTENCES.get(error.reason, str(error))
    return JsonResponse({"status": "fail", "error": sentence, "code": error.status}, status=error.status)


clevertap = Protocol(Door.CLEVERTAP, credentials, fail, concurrent=3)
