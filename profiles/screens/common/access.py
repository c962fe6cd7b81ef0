"""Who may see and change what: every view of a workspace stands behind `role_required`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from profiles.models import Member, Operator, Role, Workspace

P = ParamSpec("P")


class WorkspaceRequest(HttpRequest):
    """A request of a signed-in member, with the workspace that its URL names."""

    user: Operator
    htmx: HtmxDetails
    workspace: Workspace
    member: Member


def role_required(
    role: Role,
) -> Callable[
    [Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """Let in members of the URL's workspace whose role includes `role`.

    Takes the keyword `workspace` (a slug) from the URL and sets `request.workspace` and `request.member`.
    Raises Http404 for a workspace that does not exist or is not the operator's, so that one cannot be told
    from the other, and PermissionDenied below the role.
    """

    def decorate(
        view: Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            request: WorkspaceRequest, /, workspace: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            member = _member(request.user, workspace)
            request.member, request.workspace = member, member.workspace
            if not member.may(role):
                raise PermissionDenied(f"This needs the {role.label.lower()} role.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def memberships(operator: Operator) -> list[Member]:
    """The operator's, by the name of the workspace: read once a request, for the guard and for the frame."""
    in_order = Member.objects.select_related("workspace").order_by("workspace__name", "workspace")
    prefetch_related_objects([operator], Prefetch("memberships", in_order))
    return list(operator.memberships.all())


def _member(operator: Operator, slug: str) -> Member:
    for member in memberships(operator):
        if member.workspace.slug == slug:
            return member
    raise Http404("There is no such workspace among yours.")
