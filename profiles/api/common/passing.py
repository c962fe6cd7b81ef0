"""How requests of applications pass by what is there for operators alone."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest, get_path_info
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, ResolverMatch, get_urlconf, resolve

Answer = Callable[[HttpRequest], HttpResponse]
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def straight_to_applications(get_response: Answer) -> Answer:
    """A request that a protocol answers goes to its view at once.

    Behind this in MIDDLEWARE are sessions, forms and pages: none of them is an application's, a cookie of an
    operator who is signed in means nothing there, and they would take as long as finding a profile does.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        found = _view_of(request.path_info, get_urlconf() or settings.ROOT_URLCONF)
        if found is None:
            return get_response(request)
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return answer


def ahead_of(site: WsgiApplication) -> WsgiApplication:
    """Answer applications before the site is asked, which has the rest of the requests.

    It is a fifth of such a request what Django does around each (its signals, a chain of middleware). What of
    that means something to applications is done here as well: headers of security, packing, a look at the
    connection. The answers are the same.
    """
    security, packing = SecurityMiddleware(_no_page), GZipMiddleware(_no_page)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = _view_of(get_path_info(environ) or "/", settings.ROOT_URLCONF)
        if found is None:
            return site(environ, start_response)
        request = WSGIRequest(environ)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return site(environ, start_response)
        connection.close_if_unusable_or_obsolete()
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        packing.process_response(request, response)
        security.process_response(request, response)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response if response.streaming else [response.content]

    return answer


def _no_page(request: HttpRequest) -> HttpResponse:
    """What the middleware would call next; it is asked for what it does to an answer only."""
    return HttpResponse(status=404)


# Applications ask for the same few paths again and again; looking one up takes longer than its key. Few are
# kept, as a path may be as long as a server lets it be.
@lru_cache(maxsize=200)
def _view_of(path: str, urls: str) -> ResolverMatch | None:
    """The view of a protocol; None where something else answers, or nothing."""
    try:
        found = resolve(path, urls)
    except Resolver404:
        return None
    return found if hasattr(found.func, "protocol") else None
