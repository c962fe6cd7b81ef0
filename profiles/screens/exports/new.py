"""The page that asks how an export of a selection is to be."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.exports import export_columns
from profiles.models import Role, Selection
from profiles.operations.exports import start_export
from profiles.operations.selections import in_words, selected
from profiles.queries.columns import columns_of
from profiles.queries.selections import Impact, impact_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to
from profiles.screens.profiles.listing import back_to_list, list_url
from profiles.screens.profiles.selection import own_selection
from profiles.screens.profiles.state import chosen_columns

from .forms import ExportForm


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def export_new(request: WorkspaceRequest) -> HttpResponse:
    """State how many profiles `selection` has, and ask for the format and the columns; on POST begin."""
    selection = _selection(request)
    if selection is None:
        messages.info(request, "Tick the profiles to export, then press Export.")
        return back_to_list(request, "")
    impact = impact_of(selected(selection), with_belongings=False)
    if request.method != "POST":
        return _ask(request, selection, impact, _form(request, impact))
    form = _form(request, impact, is_sent=True)
    if not form.is_valid():
        return _ask(request, selection, impact, form, status=422)
    try:
        job = start_export(selection, form.wanted, actor=request.user)
    except Refused as refusal:
        return _ask(request, selection, impact, form, problem=str(refusal), status=422)
    return send_to(request, reverse("jobs:detail", args=[request.workspace.slug, job.pk]))


def _selection(request: WorkspaceRequest) -> Selection | None:
    """None where the address names none; one that is not the operator's is not found."""
    try:
        return own_selection(request, UUID(request.GET.get("selection", "")))
    except ValueError:
        return None


def _form(request: WorkspaceRequest, impact: Impact, *, is_sent: bool = False) -> ExportForm:
    listed = chosen_columns(request.member, columns_of(request.workspace))
    # What the listing calls the name is made of several properties.
    shown = ["display_name" if column.path == "name" else column.path for column in listed]
    return ExportForm(
        export_columns(request.workspace),
        shown=shown,
        number=impact.number,
        data=request.POST if is_sent else None,
    )


def _ask(
    request: WorkspaceRequest,
    selection: Selection,
    impact: Impact,
    form: ExportForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    is_spoken_of = selection.is_everything or selection.is_list
    return render_screen(
        request,
        page="exports/new.html",
        fragment="exports/_new.html",
        context={
            "form": form,
            "selection": selection,
            "total": impact.total,
            "chosen_by": in_words(selection) if is_spoken_of else "",
            "problem": problem,
            "back_url": list_url(request, selection.query),
        },
        status=status,
    )
