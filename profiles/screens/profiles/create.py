"""The page that creates a profile."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from profiles.models import Role, Tag
from profiles.operations.profiles import create_profile
from profiles.operations.write import Outcome
from profiles.queries.names import find_by_any_name
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest, role_required
from profiles.screens.common.markup import visible

from .forms import CreateForm
from .page import SUGGESTED_TAGS, profile_url


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def profile_create(request: WorkspaceRequest) -> HttpResponse:
    """Show the empty form, or create what it brings; the button `prefill` only fills the form in."""
    if request.method != "POST" or "prefill" in request.POST:
        return _answer(request, _form(request, initial=request.POST.dict()))
    form = _form(request, data=request.POST)
    if not form.is_valid():
        return _answer(request, form, status=422)
    outcome = create_profile(
        request.workspace,
        distinct_id=form.distinct_id,
        environment=form.cleaned_data["environment"],
        values=form.values,
        actor=request.user,
    )
    if outcome.status == "refused":
        _explain(request, form, outcome)
        return _answer(request, form, status=409)
    return _created(request, outcome)


def _form(request: WorkspaceRequest, **kwargs: Any) -> CreateForm:
    zone = ZoneInfo(timezone.get_current_timezone_name())
    return CreateForm(schema_of(request.workspace), zone=zone, **kwargs)


def _answer(request: WorkspaceRequest, form: CreateForm, *, status: int = 200) -> HttpResponse:
    tags = Tag.objects.filter(workspace=request.workspace).values_list("name", flat=True)[:SUGGESTED_TAGS]
    return render(request, "profiles/create.html", {"form": form, "suggested_tags": tags}, status=status)


def _explain(request: WorkspaceRequest, form: CreateForm, outcome: Outcome) -> None:
    """Put the refusal beside the distinct ID with a link to whoever has it, or on top."""
    environment = form.cleaned_data["environment"]
    holder = form.distinct_id and find_by_any_name(request.workspace, form.distinct_id, environment)
    if not holder:
        form.add_error(None, " ".join(outcome.reasons))
        return
    link = format_html('<a href="{}">{}</a>', profile_url(holder), visible(holder.label))
    form.add_error(
        "distinct_id", format_html("A {} profile has this distinct ID already: {}.", environment, link)
    )


def _created(request: WorkspaceRequest, outcome: Outcome) -> HttpResponse:
    page = reverse("profiles:detail", args=[request.workspace.slug, outcome.id])
    if "another" not in request.POST:
        messages.success(request, "Created.")
        return redirect(page)
    link = format_html('<a href="{}">{}</a>', page, visible(outcome.distinct_id))
    messages.success(request, format_html("Created {}.", link))
    return redirect("profiles:create", request.workspace.slug)
