"""Who calls, and how Fyno says that something is wrong."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, JsonResponse

from profiles.api.common import ApiError, Credentials, Protocol, Reason
from profiles.models import Door

PER_MINUTE: Final = 6_000


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    """Bearer secret; workspace and version (live or test) are in the path."""
    kind, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise ApiError(Reason.NO_CREDENTIALS, "Invalid API details")
    return Credentials(secret.strip(), workspace=arguments["workspace"], environment=arguments["version"])


def fail(request: HttpRequest, error: ApiError) -> JsonResponse:
    sentence = "Invalid API details" if error.status == 401 else str(error)
    status = 400 if error.status == 422 else error.status
    return JsonResponse({"status": "error", "_message": sentence}, status=status)


fyno = Protocol(Door.FYNO, credentials, fail, per_minute=PER_MINUTE)
