"""The keys of a workspace, for its admins. A secret is shown in the answer that made it, and nowhere else."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from profiles.errors import Refused
from profiles.models import ApiKey, Role
from profiles.operations.keys import create_key, edit_key
from profiles.screens.common import WorkspaceRequest, role_required, send_to

from .clients import clients_for
from .forms import KeyForm
from .rows import row_of

ROWS: Final = 50


@require_safe
@role_required(Role.ADMIN)
def key_list(request: WorkspaceRequest) -> HttpResponse:
    """The newest first, without or with the revoked ones alone; `before` is the key behind which to go on."""
    shows_revoked = request.GET.get("revoked") == "1"
    keys = request.workspace.api_keys.select_related("operator").order_by("-pk")
    shown = keys.filter(revoked_at__isnull=not shows_revoked)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= 18:
        shown = shown.filter(pk__lt=int(before))
    found = list(shown[: ROWS + 1])
    context = {
        "rows": [row_of(key) for key in found[:ROWS]],
        "older": found[ROWS - 1].pk if len(found) > ROWS else None,
        "before": before,
        "shows_revoked": shows_revoked,
        "revoked": 0 if shows_revoked else keys.exclude(revoked_at=None).count(),
    }
    return render(request, "keys/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def key_create(request: WorkspaceRequest) -> HttpResponse:
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if made := _made_already(request, form.cleaned_data["key_id"]):
            return made
        try:
            key, secret = create_key(request.workspace, actor=request.user, **form.values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return show_secret(request, key, secret)
    return render(request, "keys/form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@role_required(Role.ADMIN)
def key_detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = fetch_key(request, pk)
    context = {"row": row_of(key), "key": key, "clients": clients_for(key, request.build_absolute_uri("/"))}
    return render(request, "keys/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def key_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = fetch_key(request, pk)
    if key.is_revoked:
        return refuse_revoked(request, key)
    form = KeyForm(request.POST if request.method == "POST" else None, key=key)
    if request.method == "POST" and form.is_valid():
        try:
            edit_key(key, actor=request.user, **form.values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The key is changed; from the next request on, this counts.")
            return redirect(key_url(request, key))
    context = {"form": form, "key": key}
    return render(request, "keys/form.html", context, status=422 if form.errors else 200)


def fetch_key(request: WorkspaceRequest, pk: int) -> ApiKey:
    key = request.workspace.api_keys.select_related("operator", "workspace").filter(pk=pk).first()
    if not key:
        raise Http404("There is no such key.")
    return key


def key_url(request: WorkspaceRequest, key: ApiKey) -> str:
    return resolve_url("keys:detail", request.workspace.slug, key.pk)


def refuse_revoked(request: WorkspaceRequest, key: ApiKey) -> HttpResponse:
    messages.error(request, "This key is revoked: it cannot be changed, and does not come back.")
    return send_to(request, key_url(request, key))


def show_secret(request: WorkspaceRequest, key: ApiKey, secret: str) -> HttpResponse:
    """In the answer to the form itself, so that no address leads to it. The view is never cached."""
    clients = clients_for(key, request.build_absolute_uri("/"), secret=secret)
    context = {"key": key, "secret": secret, "clients": clients, "row": row_of(key)}
    return render(request, "keys/secret.html", context)


def _made_already(request: WorkspaceRequest, key_id: str) -> HttpResponse | None:
    """Where the form is sent a second time, as by reloading the page that showed the secret."""
    key = request.workspace.api_keys.filter(key_id=key_id).first() if key_id else None
    if not key:
        return None
    messages.info(request, "This key is made. Its secret was shown once; rotate the key to get another one.")
    return redirect(key_url(request, key))
