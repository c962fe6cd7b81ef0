"""Mappings with a name: save what the form says, use one for this file, bring one up to date, delete one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from profiles.errors import Refused
from profiles.models import ImportDraft, MappingPreset, Role
from profiles.operations.drafts import Changed, map_draft, use_preset
from profiles.operations.presets import delete_preset, save_preset, update_preset
from profiles.screens.common import WorkspaceRequest, role_required

from .draft import draft_url, fetch_draft, version_sent
from .page import sent_mapping, show_anew, show_mapping


@require_POST
@role_required(Role.EDITOR)
def import_preset(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    draft = fetch_draft(request, pk)
    try:
        messages.success(request, _do(request, draft))
    except Changed as change:
        return show_anew(request, draft, str(change))
    except Refused as refusal:
        return show_mapping(request, draft, problem=str(refusal), status=422)
    return redirect(draft_url(draft))


def _do(request: WorkspaceRequest, draft: ImportDraft) -> str:
    """What the button asks for; what to tell the operator."""
    match request.POST.get("do"):
        case "use":
            preset = _chosen(request)
            use_preset(draft, preset, version=version_sent(request))
            return f"The columns are mapped as {preset.name} says."
        case "update":
            _keep(request, draft)
            preset = update_preset(_chosen(request), draft, actor=request.user)
            return f"The preset {preset.name} is brought up to date."
        case "delete":
            preset = _chosen(request)
            delete_preset(preset, actor=request.user)
            return f"The preset {preset.name} is deleted. What was mapped by it stays as it is."
        case _:
            _keep(request, draft)
            preset = save_preset(draft, name=request.POST.get("preset-name", ""), actor=request.user)
            return f"The mapping is saved as {preset.name}, for everybody in the workspace."


def _keep(request: WorkspaceRequest, draft: ImportDraft) -> None:
    map_draft(draft, sent_mapping(request, draft), version=version_sent(request))


def _chosen(request: WorkspaceRequest) -> MappingPreset:
    given = request.POST.get("preset", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    if not number:
        raise Refused("Choose a preset.")
    return get_object_or_404(MappingPreset, workspace=request.workspace, pk=number)
