"""Below `/1/`."""

from profiles.api.common import unknown_paths

from .protocol import clevertap

app_name = "clevertap"
urlpatterns = [unknown_paths(clevertap, "", name="unknown")]
