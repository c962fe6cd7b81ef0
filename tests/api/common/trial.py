"""A protocol of the tests' own, with views that do what a view should not: its URLs are named by `urls`."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import DataError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

from profiles.api.common import ApiError, Call, Credentials, Protocol, Reason, endpoint, unknown_paths
from profiles.errors import Refused
from profiles.models import Door, Scope

# Places that are held among the requests that are at work.
SLOTS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND objid >= 1000000
"""


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secret:
        raise ApiError(Reason.NO_CREDENTIALS, "No key.")
    return Credentials(secret)


def fail(request: HttpRequest, error: ApiError) -> JsonResponse:
    return JsonResponse({"reason": error.reason, "says": str(error)}, status=error.status)


trial = Protocol(Door.API, credentials, fail, per_minute=1_000, concurrent=2, most=1_000)


def echo(call: Call) -> HttpResponseBase:
    user = getattr(call.request, "user", None)
    zone = str(timezone.get_current_timezone())
    return JsonResponse({"workspace": call.workspace.slug, "user": str(user), "zone": zone})


def sent(call: Call) -> HttpResponseBase:
    return JsonResponse({"sent": call.json()})


def streamed(call: Call) -> HttpResponseBase:
    return StreamingHttpResponse(iter([b"a", b"b"]))


def misbehave(call: Call, how: str) -> HttpResponseBase:
    match how:
        case "refuse":
            raise Refused("Not like this.")
        case "missing":
            raise Http404
        case "break":
            raise RuntimeError("secret of the view")
        case "data":
            raise DataError("alice@example.com is not a number")
        case "down":
            raise OperationalError("the connection was refused")
        case "standby":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
                cursor.execute("DELETE FROM profiles_tag")
        case "host":
            raise DisallowedHost("Invalid HTTP_HOST header")
        case "parameters":
            return JsonResponse(call.request.GET)
        case "kill":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with connection.cursor() as cursor:
        cursor.execute(SLOTS)
        return JsonResponse({"slots": cursor.fetchone()[0]})


def page(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse({"user": str(request.user)})


urlpatterns = [
    *endpoint(trial, "echo", name="echo", GET=(Scope.READ, echo), POST=(Scope.WRITE, sent)),
    *endpoint(trial, "stream", name="stream", GET=(Scope.READ, streamed)),
    *endpoint(trial, "do/<str:how>", name="do", POST=(Scope.WRITE, misbehave)),
    path("page/", page),
    unknown_paths(trial, r"^lost(/|$)", name="unknown"),
]
