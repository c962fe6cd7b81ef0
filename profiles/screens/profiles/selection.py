"""Bulk actions on the listing: from ticked boxes to a selection, and from its confirmation to the deed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from profiles.errors import Refused
from profiles.models import Role, Selection
from profiles.operations import bulk
from profiles.operations.bulk import LIMIT, TOO_MANY, SelectionChanged
from profiles.operations.selections import filter_of, select, selected
from profiles.queries.selections import preview_of, tags_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .listing import back_to_list, list_url
from .selection_form import DEEDS, ConfirmForm, Deed

SUGGESTED_TAGS = 200


@require_POST
@role_required(Role.EDITOR)
def profile_select(request: WorkspaceRequest) -> HttpResponse:
    """Freeze what is ticked as a selection, and ask for confirmation."""
    query = _listing_query(request.POST)
    try:
        verb = _deed(request.POST.get("verb", "")).verb
        selection = select(
            request.workspace,
            operator=request.user,
            query=query,
            ids=_ids(request.POST.getlist("id")),
            is_everything=request.POST.get("all") == "1",
            exceptions=_ids(request.POST.getlist("except")),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return back_to_list(request, query)
    return redirect("profiles:selection", request.workspace.slug, selection.pk, verb)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def profile_selection(request: WorkspaceRequest, pk: UUID, verb: str) -> HttpResponse:
    """Show what will happen to the selection; on POST do it, if it is still what was agreed to."""
    deed = _deed(verb)
    selection = _own_selection(request, pk)
    if request.method != "POST":
        return _ask(request, selection, deed)
    form = ConfirmForm(deed, _number(request.POST.get("agreed", "")), request.POST)
    if not form.is_valid():
        return _ask(request, selection, deed, form, status=422)
    try:
        messages.success(request, _do(request, selection, deed, form.cleaned_data))
    except SelectionChanged as change:
        return _ask(request, selection, deed, problem=str(change), status=409)
    except Refused as refusal:
        return _ask(request, selection, deed, form, problem=str(refusal), status=422)
    return back_to_list(request, selection.query)


def _listing_query(data: QueryDict) -> str:
    """The filter that was shown, with order and rows a page, to come back to."""
    query = QueryDict(data.get("filter", ""), mutable=True)
    for name in ("sort", "size"):
        if value := data.get(name):
            query[name] = value
    return query.urlencode()


def _deed(verb: str) -> Deed:
    if verb not in DEEDS:
        raise Http404("There is no such action.")
    return DEEDS[verb]


def _ids(given: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in given]
    except ValueError:
        raise Refused("Something ticked is not a profile. Please tick again.") from None


def _own_selection(request: WorkspaceRequest, pk: UUID) -> Selection:
    try:
        return Selection.objects.select_related("workspace", "operator").get(
            pk=pk, workspace=request.workspace, operator=request.user
        )
    except Selection.DoesNotExist:
        raise Http404("This selection does not exist, or it is somebody else's.") from None


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _do(request: WorkspaceRequest, selection: Selection, deed: Deed, given: dict[str, Any]) -> str:
    """Do the deed; what to tell the operator."""
    options: dict[str, Any] = {"agreed": given["agreed"], "actor": request.user}
    if deed.is_final:
        receipt = bulk.delete(selection, reason=given["reason"], **options)
        return f"{_profiles(receipt.count)} deleted for good."
    if deed.takes_tags:
        options["tags"] = given["tags"]
    done = getattr(bulk, deed.verb)(selection, **options)
    sentence = f"{_profiles(done.changed)} {deed.done}."
    if done.unchanged:
        sentence += f" {_profiles(done.unchanged)} needed no change."
    if done.refused:
        sentence += f" {_profiles(done.refused)} refused: {' '.join(done.reasons[:3])}"
    return sentence


def _ask(
    request: WorkspaceRequest,
    selection: Selection,
    deed: Deed,
    form: ConfirmForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    preview = preview_of(selected(selection), most=LIMIT)
    question = deed.question.format(_profiles(preview.number))
    return render_screen(
        request,
        page="profiles/selection.html",
        fragment="profiles/_selection.html",
        context={
            "deed": deed,
            "title": "Too many at once" if preview.number > LIMIT else question,
            "chosen_by": _filter_in_words(selection) if selection.is_everything else "",
            "selection": selection,
            "preview": preview,
            "others": preview.number - len(preview.named),
            "form": form or ConfirmForm(deed, preview.number),
            "problem": problem,
            "too_many": TOO_MANY if preview.number > LIMIT else "",
            "known_tags": _known_tags(selection, deed),
            "back_url": list_url(request, selection.query),
        },
        status=status,
    )


def _filter_in_words(selection: Selection) -> str:
    words = "; ".join(part.label for part in filter_of(selection).parts)
    said = f"Filter: {words}" if words else "No filter: everybody in the workspace"
    return f"{said}; {_profiles(len(selection.exceptions))} left out" if selection.exceptions else said


def _known_tags(selection: Selection, deed: Deed) -> list[str]:
    """To choose from: those that can be taken are those that the people have."""
    if not deed.takes_tags:
        return []
    if deed.verb == "untag":
        return tags_of(selected(selection), most=SUGGESTED_TAGS, among=LIMIT)
    return list(selection.workspace.tag_registry.values_list("name", flat=True)[:SUGGESTED_TAGS])


def _profiles(number: int) -> str:
    return f"{number:,} {'profile' if number == 1 else 'profiles'}"
