"""The file of an export, for editors of its workspace, until it expires."""

from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from profiles.exports import media_type
from profiles.models import FileRole, JobState, Role, StoredFile
from profiles.operations.jobs.exporting import KEPT_FOR
from profiles.screens.common import WorkspaceRequest, role_required


@require_safe
@role_required(Role.EDITOR)
def export_download(request: WorkspaceRequest, pk: UUID) -> HttpResponseBase:
    """Whoever may export may have what colleagues exported; a viewer takes nobody along.

    Nothing tells an export that was deleted from one that never was: both are not found, and say why.
    """
    finished = StoredFile.objects.filter(role=FileRole.EXPORT, jobs__state=JobState.DONE)
    file = finished.filter(pk=pk, workspace=request.workspace, expires_at__gt=timezone.now()).first()
    try:
        content = file.path.open("rb") if file else None
    except FileNotFoundError:
        content = None
    if not file or not content:
        return render(request, "exports/gone.html", {"days": KEPT_FOR.days}, status=404)
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=media_type(file.name))
    answer["Cache-Control"] = "private, no-store"
    # As it is: packing it again on the way would take its length away, and gain nothing where it is packed.
    answer["Content-Encoding"] = "identity"
    return answer
