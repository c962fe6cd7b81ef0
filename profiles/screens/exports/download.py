"""The file of an export, for editors of its workspace, until it expires."""

from typing import Final
from uuid import UUID

from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from profiles.exports import media_type
from profiles.models import FileRole, JobState, Role, StoredFile
from profiles.screens.common import WorkspaceRequest, role_required

_GONE: Final = "This export is not kept any more. Select the profiles again to export them as they are now."


@require_safe
@role_required(Role.EDITOR)
def export_download(request: WorkspaceRequest, pk: UUID) -> FileResponse:
    """Whoever may export may have what colleagues exported; a viewer takes nobody along."""
    finished = StoredFile.objects.filter(role=FileRole.EXPORT, jobs__state=JobState.DONE)
    file = finished.filter(pk=pk, workspace=request.workspace, expires_at__gt=timezone.now()).first()
    try:
        content = file.path.open("rb") if file else None
    except FileNotFoundError:
        content = None
    if not file or not content:
        raise Http404(_GONE)
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=media_type(file.name))
    answer["Cache-Control"] = "private, no-store"
    # As it is: packing it again on the way would take its length away, and gain nothing where it is packed.
    answer["Content-Encoding"] = "identity"
    return answer
