"""Who may enter the admin: active superusers. Being staff, or having permissions on models, opens nothing."""

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest


def is_for(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


admin.site.has_permission = is_for  # type: ignore[method-assign]
# Django's own asks for staff; this one lets everybody in to be told that the admin is not for them.
admin.site.login_form = AuthenticationForm
