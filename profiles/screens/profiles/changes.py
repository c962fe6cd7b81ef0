"""Small changes of one profile that need no form of their own: status and tags."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from profiles.models import Role
from profiles.operations.profiles import activate, change_tags, disable
from profiles.operations.write import Outcome
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest, role_required

from .display import listed
from .page import back_query, fetch_profile, profile_url


@require_POST
@role_required(Role.EDITOR)
def profile_disable(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    profile = fetch_profile(request, pk)
    _tell(
        request, disable(profile, actor=request.user), "Disabled: this person receives nothing from now on."
    )
    return redirect(profile_url(profile) + back_query(request))


@require_POST
@role_required(Role.EDITOR)
def profile_activate(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    profile = fetch_profile(request, pk)
    _tell(request, activate(profile, actor=request.user), "Active again.")
    return redirect(profile_url(profile) + back_query(request))


@require_POST
@role_required(Role.EDITOR)
def profile_tags(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Add the tags typed in `add`, take those of the buttons named `remove`."""
    profile = fetch_profile(request, pk)
    schema = schema_of(request.workspace)
    added = schema.validate({"tags": request.POST.get("add", "")})
    for error in added.errors:
        messages.error(request, error.message)
    if added.is_valid:
        add, remove = added.values["tags"], request.POST.getlist("remove")[:100]
        outcome = change_tags(profile, add=add, remove=remove, actor=request.user)
        _tell(request, outcome, _in_words(add, remove))
    return redirect(profile_url(profile) + back_query(request))


def _in_words(added: list[str], removed: list[str]) -> str:
    parts = [("Tagged ", added), ("Removed the tag ", removed)]
    return " ".join(f"{verb}{listed(tags)}." for verb, tags in parts if tags)


def _tell(request: WorkspaceRequest, outcome: Outcome, done: str) -> None:
    if outcome.status == "refused":
        messages.error(request, " ".join(outcome.reasons))
    elif outcome.status == "unchanged":
        messages.info(request, "Nothing was changed.")
    else:
        messages.success(request, done)
