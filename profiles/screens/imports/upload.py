"""Step 1: a file is sent, streamed to the disk, and looked at."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import Origin, Role
from profiles.operations.drafts import start_draft
from profiles.operations.uploads import KEPT_FOR, in_bytes
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to

from .draft import draft_url, steps_of
from .receiving import Receiving

# It stands behind the file in the form: without it, the file was cut off.
_WHOLE = "whole"


@csrf_exempt  # The token is a field of the form: `_import_new` looks at it once the handlers are set.
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def import_new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        return _ask(request)
    if not connection.in_atomic_block:
        connection.close()  # A slow upload would keep it from others; the next query opens another.
    with Receiving(request) as receiving:
        request.upload_handlers = [receiving]
        return _import_new(request, receiving)


@csrf_protect
def _import_new(request: WorkspaceRequest, receiving: Receiving) -> HttpResponse:
    origin = request.POST.get("origin", "")
    upload = receiving.upload
    if receiving.problem or upload is None:
        return _ask(request, receiving.problem or "Choose a file.", origin)
    if _WHOLE not in request.POST:
        return _ask(
            request, f"{upload.name} did not arrive whole. Nothing of it was kept; try again.", origin
        )
    if origin not in Origin.values:
        return _ask(request, "Choose what the file is.", "")
    try:
        draft = start_draft(upload, request.workspace, operator=request.user, origin=origin)
    except Refused as refusal:
        return _ask(request, str(refusal), origin)
    return send_to(request, draft_url(draft))


def _ask(request: WorkspaceRequest, problem: str = "", origin: str = "") -> HttpResponse:
    return render_screen(
        request,
        page="imports/new.html",
        fragment="imports/_upload.html",
        context={
            "steps": steps_of("upload"),
            "problem": problem,
            "origin": origin,
            "origins": Origin.choices,
            "most": settings.MAX_UPLOAD_BYTES,
            "most_in_words": in_bytes(settings.MAX_UPLOAD_BYTES),
            "days": KEPT_FOR.days,
        },
        status=422 if problem else 200,
    )
