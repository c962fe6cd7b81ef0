"""Bulk actions on the listing: from ticked boxes to a selection, and from its confirmation to the deed."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from profiles.errors import Refused
from profiles.models import Job, Role, Selection
from profiles.operations import bulk
from profiles.operations.selections import SelectionChanged, profiles_in_words, select
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required, send_to

from .listing import back_to_list, list_url
from .selection_form import DEEDS, ConfirmForm, Deed
from .selection_impact import impact_context

_UNSEEN: Final = (
    "Nothing is changed yet: look at the preview below, and press the button again if it is right."
)


@require_POST
@role_required(Role.EDITOR)
def profile_select(request: WorkspaceRequest) -> HttpResponse:
    """Freeze what is ticked as a selection, and ask for confirmation; an export has a page of its own."""
    query = _listing_query(request.POST)
    verb = request.POST.get("verb", "")
    try:
        if verb != "export":
            deed_of(verb)
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
    if verb == "export":
        return redirect(f"{reverse('exports:new', args=[request.workspace.slug])}?selection={selection.pk}")
    return redirect("profiles:selection", request.workspace.slug, selection.pk, verb)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def profile_selection(request: WorkspaceRequest, pk: UUID, verb: str) -> HttpResponse:
    """Show what will happen to the selection; on POST do it, if it is still what was agreed to.

    The button `preview` only shows what a change of a property would do, and nothing is done that was not
    shown.
    """
    deed = deed_of(verb)
    selection = own_selection(request, pk)
    if request.method != "POST":
        return _ask(request, selection, deed)
    form = _form(request, deed, _number(request.POST.get("agreed", "")), request.POST)
    is_sound = form.is_sound
    if "preview" in request.POST:
        return _ask(request, selection, deed, form)
    if not is_sound or not form.is_seen:
        return _ask(request, selection, deed, form, problem=_UNSEEN if is_sound else "", status=422)
    try:
        job = bulk.start(selection, verb, form.given, actor=request.user, agreed=form.cleaned_data["agreed"])
    except SelectionChanged as change:
        return _ask(request, selection, deed, problem=str(change), status=409)
    except Refused as refusal:
        return _ask(request, selection, deed, form, problem=str(refusal), status=422)
    return _answer(request, selection, deed, job)


def deed_of(verb: str) -> Deed:
    if verb not in DEEDS:
        raise Http404("There is no such action.")
    return DEEDS[verb]


def own_selection(request: WorkspaceRequest, pk: UUID) -> Selection:
    try:
        return Selection.objects.select_related("workspace", "operator").get(
            pk=pk, workspace=request.workspace, operator=request.user
        )
    except Selection.DoesNotExist:
        raise Http404("This selection does not exist, or it is somebody else's.") from None


def _listing_query(data: QueryDict) -> str:
    """The filter that was shown, with order and rows a page, to come back to."""
    query = QueryDict(data.get("filter", ""), mutable=True)
    for name in ("sort", "size"):
        if value := data.get(name):
            query[name] = value
    return query.urlencode()


def _ids(given: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in given]
    except ValueError:
        raise Refused("Something ticked is not a profile. Please tick again.") from None


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else None


def _form(request: WorkspaceRequest, deed: Deed, number: int | None, data: Any = None) -> ConfirmForm:
    zone = ZoneInfo(timezone.get_current_timezone_name())
    return ConfirmForm(deed, schema_of(request.workspace), number=number, zone=zone, data=data)


def _answer(request: WorkspaceRequest, selection: Selection, deed: Deed, job: Job) -> HttpResponse:
    """Back to where it began, with a word; a job that goes on is watched on its page."""
    if not job.has_ended:
        return send_to(request, _job_url(job))
    messages.success(request, _told(deed, job))
    if selection.is_list:
        return send_to(request, reverse("profiles:ids-found", args=[request.workspace.slug, selection.pk]))
    return back_to_list(request, selection.query)


def _told(deed: Deed, job: Job) -> SafeString:
    done = job.erased if deed.is_final else job.updated
    sentences = [f"{profiles_in_words(done)} {deed.done}."]
    if job.unchanged:
        sentences.append(f"{profiles_in_words(job.unchanged)} needed no change.")
    if job.refused:
        first = job.refusals.order_by("id").first()
        reasons = " ".join(first.reasons) if first else ""
        sentences.append(f"{profiles_in_words(job.refused)} refused: {reasons}")
    return format_html('{} <a href="{}">Details</a>', " ".join(sentences), _job_url(job))


def _job_url(job: Job) -> str:
    return reverse("jobs:detail", args=[job.workspace.slug, job.pk])


def _ask(
    request: WorkspaceRequest,
    selection: Selection,
    deed: Deed,
    form: ConfirmForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = impact_context(selection, deed, form)
    number = context["impact"].number
    return render_screen(
        request,
        page="profiles/selection.html",
        fragment="profiles/_selection.html",
        context=context
        | {
            "form": form or _form(request, deed, number),
            "problem": problem,
            "back_url": _back_url(request, selection),
        },
        status=status,
    )


def _back_url(request: WorkspaceRequest, selection: Selection) -> str:
    if selection.is_list:
        return reverse("profiles:ids-found", args=[request.workspace.slug, selection.pk])
    return list_url(request, selection.query)
