"""Below `/api/v2/`."""

from profiles.api.common import endpoint, unknown_paths
from profiles.models import Scope

from . import views
from .protocol import zendesk

app_name = "zendesk"
urlpatterns = [
    # Else `events`, which are to come, would be taken for the id of a profile.
    unknown_paths(zendesk, r"^user_profiles/events(/|$)", name="events"),
    *endpoint(
        zendesk,
        "user_profiles",
        name="by-identifier",
        GET=(Scope.READ, views.read_by_identifier),
        PUT=(Scope.WRITE, views.put_by_identifier),
        PATCH=(Scope.WRITE, views.patch_by_identifier),
        DELETE=(Scope.DELETE, views.delete_by_identifier),
    ),
    *endpoint(
        zendesk,
        "user_profiles/<str:profile_id>",
        name="by-id",
        GET=(Scope.READ, views.read_by_id),
        PUT=(Scope.WRITE, views.put_by_id),
        PATCH=(Scope.WRITE, views.patch_by_id),
        DELETE=(Scope.DELETE, views.delete_by_id),
    ),
    *endpoint(
        zendesk,
        "users/<str:user_id>/profiles",
        name="of-user",
        GET=(Scope.READ, views.read_of_user),
        PUT=(Scope.WRITE, views.put_of_user),
    ),
]
