"""Below `/1/`. Where CleverTap documents a limit of its own for requests at once, it stands here."""

from profiles.api.common import endpoint, unknown_paths
from profiles.models import Scope

from . import pages
from .delete import delete_profiles
from .identities import demerge, disassociate
from .protocol import clevertap
from .reading import read_profile
from .subscribe import subscribe
from .upload import upload

app_name = "clevertap"
urlpatterns = [
    *endpoint(clevertap, "upload", name="upload", concurrent=15, POST=(Scope.WRITE, upload)),
    *endpoint(clevertap, "profile.json", name="profile", GET=(Scope.READ, read_profile)),
    *endpoint(
        clevertap,
        "profiles.json",
        name="profiles",
        GET=(Scope.READ, pages.read),
        POST=(Scope.READ, pages.begin),
    ),
    *endpoint(clevertap, "counts/profiles.json", name="count", POST=(Scope.READ, pages.count)),
    *endpoint(clevertap, "delete/profiles.json", name="delete", POST=(Scope.DELETE, delete_profiles)),
    *endpoint(clevertap, "demerge/profiles.json", name="demerge", POST=(Scope.WRITE, demerge)),
    *endpoint(clevertap, "disassociate", name="disassociate", concurrent=0, POST=(Scope.WRITE, disassociate)),
    *endpoint(clevertap, "subscribe", name="subscribe", concurrent=0, POST=(Scope.WRITE, subscribe)),
    unknown_paths(clevertap, "", name="unknown"),
]
