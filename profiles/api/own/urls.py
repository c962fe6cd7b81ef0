"""Below `/api/`: the API in its first version, its OpenAPI document, and its documentation."""

from django.urls import URLPattern, path

from profiles.api.common import unknown_paths

from . import registered  # noqa: F401  (Every operation, before their paths are asked for.)
from .api import guarded_views
from .docs import docs
from .openapi import openapi
from .protocol import own


def _operations() -> list[URLPattern]:
    """Verbs first: `/jobs/17:pause` would be a job called `17:pause`."""
    found = []
    for route, name, view in sorted(guarded_views(), key=lambda each: ":" not in each[0]):
        route = "v1" + route.replace("{", "<").replace("}", ">")
        found += [path(route, view, name=name), path(f"{route}/", view, name=f"{name}-slash")]
    return found


app_name = "api"
urlpatterns = [
    path("docs", docs, name="docs"),
    path("docs/", docs, name="docs-slash"),
    path("v1/openapi.json", openapi, name="openapi"),
    *_operations(),
    unknown_paths(own, r"^(?!v2(?:/|$))", name="unknown"),
]
