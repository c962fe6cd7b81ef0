"""Below `/v1/<workspace>/<live or test>/`."""

from profiles.api.common import unknown_paths

from .protocol import fyno

app_name = "fyno"
urlpatterns = [unknown_paths(fyno, "", name="unknown")]
