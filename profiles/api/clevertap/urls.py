"""Below `/1/`."""

from profiles.api.common import endpoint, unknown_paths
from profiles.models import Scope

from .delete import delete_profiles
from .protocol import clevertap
from .reading import read_profile
from .upload import upload

app_name = "clevertap"
urlpatterns = [
    *endpoint(clevertap, "upload", name="upload", concurrent=15, POST=(Scope.WRITE, upload)),
    *endpoint(clevertap, "profile.json", name="profile", GET=(Scope.READ, read_profile)),
    *endpoint(clevertap, "delete/profiles.json", name="delete", POST=(Scope.DELETE, delete_profiles)),
    unknown_paths(clevertap, "", name="unknown"),
]
