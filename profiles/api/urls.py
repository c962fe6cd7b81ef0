"""Where each protocol lives: at its own native path, so that clients change only the host."""

from django.urls import include, path

from profiles.api.common import unknown_paths
from profiles.api.fyno.protocol import fyno

urlpatterns = [
    path("api/", include("profiles.api.own.urls")),
    path("1/", include("profiles.api.clevertap.urls")),
    path("api/v2/", include("profiles.api.zendesk.urls")),
    path("v1/<slug:workspace>/<str:version>/", include("profiles.api.fyno.urls")),
    unknown_paths(fyno, r"^v1/[^/]+/[^/]+/", name="no-workspace"),
]
