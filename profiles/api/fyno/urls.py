"""Below `/v1/<workspace>/<live or test>/`.

Fyno's own client puts distinct IDs into paths as they are: they may have slashes, and the paths that say more
stand before those that end with a distinct ID.
"""

from django.urls import URLPattern

from profiles.api.common import endpoint, unknown_paths
from profiles.models import Scope

from . import channels, merging, profiles, properties
from .operators import ROUTES
from .protocol import fyno

app_name = "fyno"


def _properties() -> list[URLPattern]:
    views = {route: properties.change_by(operator) for route, operator in ROUTES.items()}
    return [
        pattern
        for route, view in (views | {"batch": properties.batch}).items()
        for pattern in endpoint(
            fyno, f"profiles/properties/{route}", name=f"properties-{route}", POST=(Scope.WRITE, view)
        )
    ]


urlpatterns = [
    *endpoint(fyno, "profiles", name="create", POST=(Scope.WRITE, profiles.create)),
    *endpoint(fyno, "profiles/delete", name="delete", POST=(Scope.DELETE, profiles.delete)),
    *_properties(),
    *endpoint(
        fyno,
        "profiles/<path:distinct_id>/channel",
        name="add-channel",
        PATCH=(Scope.WRITE, channels.add),
    ),
    *endpoint(
        fyno,
        "profiles/<path:distinct_id>/channel/delete",
        name="delete-channel",
        POST=(Scope.WRITE, channels.delete),
    ),
    *endpoint(
        fyno,
        "profiles/<path:source>/merge/<path:target>",
        name="merge",
        PATCH=(Scope.WRITE, merging.merge),
        POST=(Scope.WRITE, merging.merge),
    ),
    *endpoint(
        fyno,
        "profiles/<path:distinct_id>",
        name="profile",
        GET=(Scope.READ, profiles.read),
        PUT=(Scope.WRITE, profiles.update),
    ),
    unknown_paths(fyno, "", name="unknown"),
]
