"""Where each protocol lives: at its own native path, so that clients change only the host."""

from django.urls import include, path

from profiles.api.clevertap.protocol import clevertap
from profiles.api.common import unknown_paths
from profiles.api.fyno.protocol import fyno
from profiles.api.own.protocol import own
from profiles.api.zendesk.protocol import zendesk

urlpatterns = [
    path("api/", include("profiles.api.own.urls")),
    path("1/", include("profiles.api.clevertap.urls")),
    path("api/v2/", include("profiles.api.zendesk.urls")),
    path("v1/<slug:workspace>/<str:version>/", include("profiles.api.fyno.urls")),
    # What is nobody's path is refused in the words of the protocol that is next to it, never by a page.
    unknown_paths(zendesk, r"^api/v2(/|$)", name="near-zendesk"),
    unknown_paths(own, r"^api$", name="near-own"),
    unknown_paths(clevertap, r"^1$", name="near-clevertap"),
    unknown_paths(fyno, r"^v1(/|$)", name="near-fyno"),
]
