"""Below `/api/v2/`."""

from profiles.api.common import unknown_paths

from .protocol import zendesk

app_name = "zendesk"
urlpatterns = [unknown_paths(zendesk, r"^(user_profiles|users)(/|$)", name="unknown")]
