"""How many rows a page of the listing has, kept per operator."""

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from profiles.models import Role
from profiles.operations.columns import keep_page_size
from profiles.screens.common import WorkspaceRequest, role_required

from .listing import back_to_list
from .state import SIZES


@require_POST
@role_required(Role.VIEWER)
def profile_page_size(request: WorkspaceRequest) -> HttpResponse:
    """Keep `size` and show the listing of `back`, its query string, from the start.

    Everybody may choose: it concerns only their own screen. A size in a link that was sent goes before it.
    """
    size = request.POST.get("size", "")
    if size in map(str, SIZES):
        keep_page_size(request.member, int(size))
    query = QueryDict(request.POST.get("back", ""), mutable=True)
    for name in ("size", "page"):
        query.pop(name, None)
    return back_to_list(request, query.urlencode())
