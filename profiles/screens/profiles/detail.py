"""One profile: shown with its Overview tab, and changed there."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from profiles.models import Operator, Profile, ProfileChange, Role
from profiles.operations.profiles import update_profile
from profiles.operations.write import Outcome
from profiles.queries.profile import changes_since, values_of
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .display import label_of, listed, show
from .gone import answer_gone
from .overview import overview_context, update_form
from .page import back_query, door_label, fetch_profile, follows_merges, profile_url
from .update_form import Conflict, UpdateForm


@require_safe
@role_required(Role.VIEWER)
@follows_merges
def profile_detail(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    return _answer(request, fetch_profile(request, pk))


@require_POST
@role_required(Role.EDITOR)
def profile_update(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Write the properties that the operator touched, unless somebody else has changed one of them."""
    profile = request.workspace.profiles.filter(pk=pk).first()
    if profile is None:
        return answer_gone(request, pk)
    form = update_form(profile, schema_of(request.workspace), data=request.POST)
    meanwhile = changes_since(profile, form.last_change)
    if not form.is_valid():
        return _answer_again(request, profile, form, meanwhile, form.undecided, status=422)
    outcome = update_profile(profile, values=form.values, seen=form.expected, actor=request.user)
    if outcome.status != "refused":
        _tell(request, outcome, form, meanwhile)
        return redirect(profile_url(profile) + back_query(request))
    for reason in [] if outcome.conflicts else outcome.reasons:
        form.add_error(None, reason)
    return _answer_again(request, profile, form, meanwhile, outcome.conflicts, status=409)


def _answer(
    request: WorkspaceRequest, profile: Profile, form: UpdateForm | None = None, *, status: int = 200
) -> HttpResponse:
    return render_screen(
        request,
        page="profiles/detail.html",
        fragment="profiles/_overview.html",
        context=overview_context(request, profile, form),
        status=status,
    )


def _answer_again(
    request: WorkspaceRequest,
    profile: Profile,
    form: UpdateForm,
    meanwhile: list[ProfileChange],
    contested: Iterable[str],
    *,
    status: int,
) -> HttpResponse:
    """Show the form once more: what was typed, what others have changed, and where the two collide."""
    now = request.workspace.profiles.filter(pk=profile.pk).first()
    if now is None:
        return answer_gone(request, profile.pk)
    form.stored = values_of(now)
    form.renew({path: _conflict(form, path, meanwhile) for path in contested})
    form.meanwhile = _sentences(form, meanwhile, reader=request.user)
    return _answer(request, now, form, status=status)


def _conflict(form: UpdateForm, path: str, meanwhile: list[ProfileChange]) -> Conflict:
    change = next((change for change in meanwhile if path in change.new or path in change.old), None)
    who = (change.actor or door_label(change.door)) if change else ""
    return Conflict(show(form.schema.field(path), form.stored.get(path)), who, change)


def _tell(
    request: WorkspaceRequest, outcome: Outcome, form: UpdateForm, meanwhile: list[ProfileChange]
) -> None:
    if outcome.status == "unchanged":
        messages.info(request, "Nothing was changed.")
    else:
        messages.success(
            request, f"Updated {listed(label_of(form.schema, path) for path in outcome.changed)}."
        )
    for sentence in _sentences(form, meanwhile, reader=request.user):
        messages.info(request, sentence)


def _sentences(form: UpdateForm, meanwhile: list[ProfileChange], *, reader: Operator) -> list[str]:
    """What happened since the operator opened the page, a sentence for each who did something.

    Not what they have decided about: that they were shown.
    """
    changed: dict[str, dict[str, None]] = {}
    decided = form.decided
    for change in meanwhile:
        who = "you" if change.operator_id == reader.pk else change.actor or door_label(change.door)
        paths = (path for path in (*change.old, *change.new) if path not in decided)
        changed.setdefault(who, {}).update(dict.fromkeys(paths))
    labels = {who: listed(label_of(form.schema, path) for path in paths) for who, paths in changed.items()}
    return [f"Since you opened this page, {who} changed {what}." for who, what in labels.items() if what]
