"""How requests of applications pass by what is there for operators alone."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, get_urlconf, resolve

Answer = Callable[[HttpRequest], HttpResponse]


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


# Applications ask for the same few paths again and again; looking one up takes longer than its key.
@lru_cache(maxsize=1_000)
def _view_of(path: str, urls: str) -> ResolverMatch | None:
    """The view of a protocol; None where something else answers, or nothing."""
    try:
        found = resolve(path, urls)
    except Resolver404:
        return None
    return found if hasattr(found.func, "protocol") else None
