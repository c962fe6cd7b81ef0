"""Routes of applications: with and without a slash, guarded alike, never an answer in a foreign shape."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from functools import wraps
from random import getrandbits
from typing import Any, Final
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, DisallowedHost, TooManyFieldsSent
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from psycopg.errors import DeadlockDetected, ReadOnlySqlTransaction

from profiles.errors import Refused
from profiles.models import Scope
from profiles.operations.keys import note_use
from profiles.queries.keys import Wanted

from .calls import Call, Protocol, admit
from .errors import ApiError, Reason
from .headers import SentHeaders
from .limits import count_request, slot, tell

View = Callable[..., HttpResponseBase]
Guarded = Callable[..., HttpResponseBase]
Foresee = Callable[[HttpRequest], Wanted | None]
log = logging.getLogger("profiles.api")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def endpoint(
    protocol: Protocol, route: str, *, name: str, concurrent: int | None = None, **methods: tuple[Scope, View]
) -> list[URLPattern]:
    """The patterns of one path: `endpoint(zendesk, "user_profiles", name="...", GET=(Scope.READ, read))`.

    A view takes a Call and the arguments of the path. `concurrent` replaces what the protocol allows at once.
    """
    guard = guarded(protocol, methods, name=name, concurrent=concurrent)
    route = route.rstrip("/")
    return [path(route, guard, name=name), path(f"{route}/", guard, name=f"{name}-slash")]


def unknown_paths(protocol: Protocol, pattern: str, *, name: str) -> URLPattern:
    """What is answered below a protocol's path where it has no endpoint (a regular expression)."""

    @csrf_exempt
    @login_not_required
    def unknown(request: HttpRequest, *groups: str, **arguments: Any) -> HttpResponseBase:
        request_id = _request_id(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        error = ApiError(Reason.NOT_FOUND, "There is no such endpoint.")
        return _finished(request, protocol.error(request, error), request_id)

    unknown.protocol = protocol  # type: ignore[attr-defined]
    return re_path(pattern, unknown, name=name)


def guarded(
    protocol: Protocol,
    methods: Mapping[str, tuple[Scope, View]],
    *,
    name: str,
    concurrent: int | None = None,
    foresee: Mapping[str, Foresee] | None = None,
) -> Guarded:
    """One view of `methods`: each admitted, limited, logged, and its errors said in the protocol's shape.

    `foresee` says by method whom a request is about: who is found together with its key is `call.found`.
    It bears `protocol` and `scopes` (by method), from which tests know what to refuse.
    """

    @csrf_exempt
    @login_not_required
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        started = time.perf_counter()
        request.headers = SentHeaders(request.META)  # type: ignore[assignment]
        request_id = _request_id(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method or ""
        call = None
        try:
            if method == "OPTIONS" and method not in methods:
                found: HttpResponseBase = HttpResponse(status=204, headers={"Allow": _allowed(methods)})
            elif method not in methods:
                raise _not_allowed(method, methods)
            else:
                scope, view = methods[method]
                wanted = foresee[method](request) if foresee and method in foresee else None
                call = admit(request, protocol, scope, arguments, wanted)
                found = work(call, view, arguments)
        except Exception as error:
            found = _said(request, protocol, error, request_id)
        if call and call.allowance:
            tell(found, call.allowance)
        _log(request, found, call, protocol, request_id, started)
        return _finished(request, found, request_id)

    def work(call: Call, view: View, given: Mapping[str, Any]) -> HttpResponseBase:
        call.allowance = count_request(call.key, door=call.door, limit=protocol.per_minute)
        note_use(call.key, door=call.door)
        most = protocol.concurrent if concurrent is None else concurrent
        with slot(call.key, group=f"{call.door} {name}", limit=most):
            return view(call, **given)

    answer.protocol = protocol  # type: ignore[attr-defined]
    answer.scopes = {method: scope for method, (scope, _) in methods.items()}  # type: ignore[attr-defined]
    return answer


def takes(*names: str) -> Callable[[View], View]:
    """Hand on only these arguments of the path: others, such as the workspace, have been dealt with."""

    def decorate(view: View) -> View:
        @wraps(view)
        def narrowed(call: Call, **arguments: Any) -> HttpResponseBase:
            return view(call, **{name: arguments[name] for name in names})

        return narrowed

    return decorate


def _not_allowed(method: str, methods: Mapping[str, Any]) -> ApiError:
    allowed = _allowed(methods)
    sentence = f"{method} is not for this path; {allowed} are."
    return ApiError(Reason.METHOD_NOT_ALLOWED, sentence, headers={"Allow": allowed})


def _allowed(methods: Mapping[str, Any]) -> str:
    extra = ["HEAD"] if "GET" in methods else []
    return ", ".join(sorted({*methods, *extra, "OPTIONS"}))


def _said(request: HttpRequest, protocol: Protocol, error: Exception, request_id: str) -> HttpResponseBase:
    said = _as_api_error(error, request_id)
    found = protocol.error(request, said)
    for header, value in said.headers.items():
        found.headers[header] = value
    return found


def _as_api_error(error: Exception, request_id: str) -> ApiError:
    match error:
        case ApiError():
            return error
        case Refused():
            return ApiError(Reason.REFUSED, str(error))
        case Http404():
            return ApiError(Reason.NOT_FOUND, "There is no such thing.")
        case DisallowedHost():
            return ApiError(Reason.BAD_REQUEST, "This host is none of ALLOWED_HOSTS.")
        case TooManyFieldsSent():
            return ApiError(Reason.BAD_REQUEST, "The URL has more parameters than are read.")
        case UnreadablePostError():
            return ApiError(Reason.BAD_BODY, "The body ended before it was complete.")
        case BadRequest() | DataError():
            # Its text may have values of people in it.
            log.warning("request %s: %s", request_id, type(error).__name__)
            return ApiError(Reason.BAD_REQUEST, "A value cannot be stored.")
        case OperationalError() if isinstance(error.__cause__, DeadlockDetected):
            log.warning("request %s: it waited in a circle with others", request_id)
            sentence = "Others were writing the same profiles. Try again in a moment."
            return ApiError(Reason.UNAVAILABLE, sentence, headers={"Retry-After": "1"})
        case InternalError() if isinstance(error.__cause__, ReadOnlySqlTransaction):
            log.error("request %s: the database is read-only", request_id)
            sentence = "The database takes no changes at the moment. Try again later."
            return ApiError(Reason.UNAVAILABLE, sentence, headers={"Retry-After": "5"})
        case OperationalError() | InterfaceError():
            log.error("request %s: the database does not answer: %s", request_id, error)
            sentence = "The database does not answer. Try again in a moment."
            return ApiError(Reason.UNAVAILABLE, sentence, headers={"Retry-After": "5"})
    log.exception("request %s failed", request_id, exc_info=error)
    return ApiError(Reason.FAILED, f"Something went wrong here. Name the request {request_id} to your admin.")


def _finished(request: HttpRequest, response: HttpResponseBase, request_id: str) -> HttpResponseBase:
    response.headers["X-Request-Id"] = request_id
    response.headers.setdefault("Cache-Control", "no-store")
    # Django would log each error a second time, without the id of the request.
    response._has_been_logged = True  # type: ignore[attr-defined]
    if isinstance(response, HttpResponse):
        length = str(len(response.content))
        if request.method == "HEAD":
            response.content = b""
        if response.status_code != 204:
            response.headers["Content-Length"] = length
    return response


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _REQUEST_ID.fullmatch(given) else f"{getrandbits(128):032x}"


def _path_of(request: HttpRequest) -> str:
    """Of whom a path speaks is not for the log, which an erasure does not reach."""
    found = request.resolver_match
    return f"/{found.route}" if found and found.kwargs else quote(request.path)


def _log(
    request: HttpRequest,
    response: HttpResponseBase,
    call: Call | None,
    protocol: Protocol,
    request_id: str,
    started: float,
) -> None:
    log.info(
        "%s %s %s %d %.0f ms key=%s request=%s",
        protocol.door.value,
        request.method,
        _path_of(request),
        response.status_code,
        (time.perf_counter() - started) * 1000,
        call.key.key_id if call else "-",
        request_id,
    )
