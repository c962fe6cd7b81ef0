"""The site with a hello-world view of django-ninja beside it: `granian ... bench.hello:application`.

The view is what a request costs at least: it passes by all middleware, as nothing of the product can.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, resolve
from ninja import NinjaAPI

PATH: Final = "/hello"
api = NinjaAPI(openapi_url=None, docs_url=None)


@api.get(PATH)
def hello(request: HttpRequest) -> dict[str, str]:
    return {"hello": "world"}


urlpatterns = [path("", api.urls)]


def straight_to_hello(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return get_response(request)
        found = resolve(PATH, __name__)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return answer


settings.MIDDLEWARE = [f"{__name__}.straight_to_hello", *settings.MIDDLEWARE]

from profiles_site.wsgi import application  # noqa: E402  (It reads the settings.)

__all__ = ["application"]
