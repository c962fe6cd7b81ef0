"""The properties screen."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from profiles.errors import Refused
from profiles.models import PropertyDefinition, PropertyKind, Role
from profiles.operations.properties import (
    archive_property,
    create_property,
    edit_property,
    move_property,
    unarchive_property,
)
from profiles.operations.property_index import retry_index
from profiles.queries.properties import Unfit, has_values
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .forms import PropertyForm
from .rows import is_waiting, sections


@require_safe
@role_required(Role.VIEWER)
def property_list(request: WorkspaceRequest) -> HttpResponse:
    shows_archived = request.GET.get("archived") == "1"
    found = sections(request.workspace, archived=shows_archived)
    archived = request.workspace.property_definitions.exclude(archived_at=None).count()
    return render_screen(
        request,
        page="properties/list.html",
        fragment="properties/_sections.html",
        context={
            "sections": found,
            "shows_archived": shows_archived,
            "archived": archived,
            "is_waiting": is_waiting(found),
            "may_change": request.member.may(Role.ADMIN),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def property_create(request: WorkspaceRequest) -> HttpResponse:
    blank = PropertyDefinition(workspace=request.workspace, kind=PropertyKind.CUSTOM)
    form = PropertyForm(_posted(request), definition=blank)
    if request.method == "POST" and form.is_valid():
        if odd_key := form.odd_key():
            return _ask(request, form, odd_key=odd_key)
        try:
            made = create_property(
                request.workspace, actor=request.user, key=form.cleaned_data["key"], **form.changes()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made.label} is a property now.")
            return redirect(_list_url(request, made))
    return _ask(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def property_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    definition = _fetch(request, pk)
    is_type_fixed = definition.kind != PropertyKind.CUSTOM or has_values(definition)
    form = PropertyForm(_posted(request), definition=definition, is_type_fixed=is_type_fixed)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    unfit, lacking = form.unfit(), form.lacking()
    if unfit or lacking:
        return _ask(request, form, unfit=unfit, lacking=lacking)
    try:
        edit_property(definition, actor=request.user, **form.changes())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, form)
    messages.success(request, f"{form.candidate.label} is saved.")
    return redirect(_list_url(request, definition))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def property_archive(request: WorkspaceRequest, pk: int) -> HttpResponse:
    definition = _fetch(request, pk)
    if request.method != "POST":
        return _confirm(request, definition, "archive")
    try:
        archive_property(definition, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{definition.label} is archived. Its values are kept.")
    return redirect(_list_url(request))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def property_unarchive(request: WorkspaceRequest, pk: int) -> HttpResponse:
    definition = _fetch(request, pk)
    if request.method != "POST":
        return _confirm(request, definition, "unarchive")
    try:
        unarchive_property(definition, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{definition.label} is back, at the end of its section.")
    return redirect(_list_url(request, definition))


@require_POST
@role_required(Role.ADMIN)
def property_move(request: WorkspaceRequest, pk: int) -> HttpResponse:
    definition = _fetch(request, pk)
    try:
        move_property(definition, actor=request.user, down=request.POST.get("to") == "down")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_list_url(request, definition))


@require_POST
@role_required(Role.ADMIN)
def property_retry_index(request: WorkspaceRequest, pk: int) -> HttpResponse:
    definition = _fetch(request, pk)
    try:
        retry_index(definition, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The index of {definition.label} waits for the worker.")
    return redirect(_list_url(request, definition))


def _fetch(request: WorkspaceRequest, pk: int) -> PropertyDefinition:
    return get_object_or_404(request.workspace.property_definitions, pk=pk)


def _posted(request: WorkspaceRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _list_url(request: WorkspaceRequest, definition: PropertyDefinition | None = None) -> str:
    place = f"#property-{definition.pk}" if definition else ""
    return resolve_url("properties:list", request.workspace.slug) + place


def _ask(
    request: WorkspaceRequest,
    form: PropertyForm,
    *,
    unfit: Unfit | None = None,
    lacking: str = "",
    odd_key: str = "",
) -> HttpResponse:
    """The form: blank, with its errors, or with what to know before the same is sent again as confirmed."""
    warnings = {"unfit": unfit, "lacking": lacking, "odd_key": odd_key}
    is_warning = any(warnings.values())
    context = {"form": form, "definition": form.definition, "list_url": _list_url(request)}
    return render(
        request,
        "properties/form.html",
        context | warnings | {"is_warning": is_warning},
        status=422 if form.errors or is_warning else 200,
    )


def _confirm(request: WorkspaceRequest, definition: PropertyDefinition, deed: str) -> HttpResponse:
    return render_screen(
        request,
        page="properties/confirm.html",
        fragment="properties/_confirm.html",
        context={"definition": definition, "deed": deed, "list_url": _list_url(request)},
    )
