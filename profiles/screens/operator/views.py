"""The signed-in operator's own settings; no workspace is involved."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from profiles.operations.preferences import change_password, prefer
from profiles.screens.common import WorkspaceRequest

from .forms import PreferencesForm, ThemeForm


@require_http_methods(["GET", "HEAD", "POST"])
def operator_preferences(request: WorkspaceRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, initial=model_to_dict(request.user))
    if request.method == "POST" and form.is_valid():
        prefer(request.user, **form.cleaned_data)
        messages.success(request, "Your preferences are saved.")
        return redirect("operator:preferences")
    return render(request, "operator/preferences.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def operator_password(request: WorkspaceRequest) -> HttpResponse:
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return redirect("operator:preferences")
    return render(request, "operator/password.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def operator_theme(request: WorkspaceRequest) -> HttpResponse:
    """Change the theme and go back to the page the choice was made on."""
    form = ThemeForm(request.POST)
    if form.is_valid():
        prefer(request.user, **form.cleaned_data)
    return redirect(_way_back(request))


def _way_back(request: WorkspaceRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else resolve_url("home")
