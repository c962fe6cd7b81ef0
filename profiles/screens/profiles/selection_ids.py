"""Selecting by a list of distinct IDs: pasted or sent, then shown with what was found, then changed."""

import io
from typing import IO, Any, Final, cast
from uuid import UUID

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from profiles.errors import Refused
from profiles.imports.id_lists import MOST_IDS, ids_in
from profiles.models import Environment, Role, Selection
from profiles.operations.selection_lists import select_list
from profiles.operations.selections import selected
from profiles.queries.selections import impact_of
from profiles.screens.common import WorkspaceRequest, role_required

from .listing import list_url
from .selection import own_selection
from .selection_form import DEEDS

LONGEST_PASTE: Final = 2_000_000


class ListForm(forms.Form):
    ids = forms.CharField(
        label="Distinct IDs",
        required=False,
        max_length=LONGEST_PASTE,
        help_text="One a line, as they are. Send an export as a file: it may have apostrophes before IDs.",
        widget=forms.Textarea({"rows": 10, "autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )
    file = forms.FileField(
        required=False,
        label="Or a file",
        help_text=f"Text or CSV, up to {MOST_IDS:,} lines: one ID a line, or the first column.",
        widget=forms.FileInput({"accept": ".txt,.csv,.tsv,text/plain,text/csv"}),
    )
    environment = forms.ChoiceField(
        label="Kind of profile",
        choices=Environment.choices,
        initial=Environment.LIVE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose live or test.", "invalid_choice": "Choose live or test."},
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            Field("ids"), Field("file"), Div(InlineRadios("environment"), css_class="plain-choices")
        )
        return helper

    @property
    def stream(self) -> tuple[IO[bytes], bool]:
        """What was brought, and whether it is a table."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file:
            name = (file.name or "").lower()
            return cast(IO[bytes], file.file), name.endswith((".csv", ".tsv"))
        return io.BytesIO(self.cleaned_data["ids"].encode()), False


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def profile_ids(request: WorkspaceRequest) -> HttpResponse:
    """Take a list, and find who is on it."""
    is_sent = request.method == "POST"
    form = ListForm(request.POST, request.FILES) if is_sent else ListForm()
    if is_sent and form.is_valid():
        stream, is_table = form.stream
        try:
            selection = select_list(
                request.workspace,
                ids_in(stream, is_table=is_table),
                operator=request.user,
                environment=form.cleaned_data["environment"],
            )
            return redirect("profiles:ids-found", request.workspace.slug, selection.pk)
        except Refused as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "ids", str(refusal))
    context = {"form": form, "list_url": list_url(request)}
    return render(request, "profiles/ids.html", context, status=422 if is_sent else 200)


@require_safe
@role_required(Role.EDITOR)
def profile_ids_found(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Who was found, which IDs are unknown, and what can be done with those found."""
    selection = _list(request, pk)
    impact = impact_of(selected(selection), with_belongings=False)
    return render(
        request,
        "profiles/ids_found.html",
        {
            "selection": selection,
            "listed": selection.listed,
            "impact": impact,
            "others": impact.total.number - len(impact.named),
            "deeds": DEEDS.values(),
            "list_url": list_url(request),
        },
    )


@require_safe
@role_required(Role.EDITOR)
def profile_ids_unknown(request: WorkspaceRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The unknown IDs as a file, which can be corrected and sent again."""
    selection = _list(request, pk)
    if stored := selection.unknown_file:
        try:
            return FileResponse(stored.path.open("rb"), as_attachment=True, filename=stored.name)
        except OSError:
            raise Http404("This file is gone: files are kept for a week.") from None
    lines = "".join(f"{value}\n" for value in selection.listed["first_unknown"])
    return FileResponse(io.BytesIO(lines.encode()), as_attachment=True, filename="unknown-ids.txt")


def _list(request: WorkspaceRequest, pk: UUID) -> Selection:
    selection = own_selection(request, pk)
    if not selection.is_list:
        raise Http404("This selection is no list of IDs.")
    return selection
