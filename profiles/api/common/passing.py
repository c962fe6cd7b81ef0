"""How requests of applications pass by what is there for operators alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

Answer = Callable[[HttpRequest], HttpResponse]


def straight_to_applications(get_response: Answer) -> Answer:
    """A request that a protocol answers goes to its view at once.

    Behind this in MIDDLEWARE are sessions, forms and pages: none of them is an application's, a cookie of an
    operator who is signed in means nothing there, and they would take as long as finding a profile does.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        if not hasattr(found.func, "protocol"):
            return get_response(request)
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return answer
