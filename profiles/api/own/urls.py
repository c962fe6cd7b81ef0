"""Below `/api/`: the API in its first version, its OpenAPI document, and its documentation."""

from django.urls import URLPattern, path

from profiles.api.common import unknown_paths

from . import batch, reading, writing  # noqa: F401  (They register what they answer.)
from .api import guarded_views
from .protocol import own


def _operations() -> list[URLPattern]:
    found = []
    for route, name, view in guarded_views():
        route = "v1" + route.replace("{", "<").replace("}", ">")
        found += [path(route, view, name=name), path(f"{route}/", view, name=f"{name}-slash")]
    return found


app_name = "api"
urlpatterns = [*_operations(), unknown_paths(own, r"^v1(/|$)", name="unknown")]
