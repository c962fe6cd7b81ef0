"""Changes of a key that ask first: another secret, the end of the old one, the end of the key."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import ApiKey, Role
from profiles.operations.keys import end_overlap, revoke_key, rotate_key
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .forms import RotateForm
from .views import fetch_key, key_url, refuse_revoked, show_secret


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def key_rotate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = fetch_key(request, pk)
    form = RotateForm(request.POST if request.method == "POST" else None, initial={"present": key.hint})
    if request.method != "POST" or not form.is_valid():
        return _ask(request, key, "rotate", form)
    given = form.cleaned_data
    try:
        secret = rotate_key(
            key, actor=request.user, overlap=timedelta(seconds=given["overlap"]), present=given["present"]
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(key_url(request, key))
    return show_secret(request, fetch_key(request, pk), secret)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def key_end_overlap(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = fetch_key(request, pk)
    if request.method != "POST":
        return _ask(request, key, "end_overlap")
    try:
        end_overlap(key, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The old secret is no good any more.")
    return redirect(key_url(request, key))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ADMIN)
def key_revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = fetch_key(request, pk)
    if request.method != "POST":
        return _ask(request, key, "revoke")
    revoke_key(key, actor=request.user)
    messages.success(request, f"{key.name} is revoked: its next request is refused.")
    return redirect("keys:list", request.workspace.slug)


def _ask(request: WorkspaceRequest, key: ApiKey, deed: str, form: RotateForm | None = None) -> HttpResponse:
    if key.is_revoked:
        return refuse_revoked(request, key)
    return render_screen(
        request,
        page="keys/confirm.html",
        fragment="keys/_confirm.html",
        context={"key": key, "deed": deed, "form": form, "key_url": key_url(request, key)},
        status=422 if form and form.errors else 200,
    )
