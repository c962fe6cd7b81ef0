"""Adding a custom property from a person's page: define it, and give it its first value."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from profiles.errors import Refused
from profiles.models import (
    Profile,
    PropertyDefinition,
    PropertyKind,
    PropertyType,
    Role,
    key_of_label,
    label_of_key,
)
from profiles.operations.profiles import add_property
from profiles.schema import Schema, field_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required

from .page import back_query, fetch_profile, may_define_properties, profile_url
from .texts import raw_value

# A choice needs its choices first, on the screen of properties.
TYPES = [
    (type.value, type.label)
    for type in PropertyType
    if type not in (PropertyType.CHOICE, PropertyType.TOKENS)
]


class NewPropertyForm(forms.Form):
    label = forms.CharField(
        max_length=120, required=False, help_text="As people read it; empty: made from the key."
    )
    key = forms.CharField(
        max_length=120,
        required=False,
        help_text="As applications and files name it, such as favourite_colour. It can never be changed;"
        " empty: made from the label.",
    )
    type = forms.ChoiceField(choices=TYPES, help_text="It is fixed once there are values.")
    value = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 1}),
        help_text="Dates: 2026-01-31. Lists: one element per line. Places: latitude, longitude.",
    )

    parsed: Any = None

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def clean(self) -> None:
        if self.errors:
            return
        given = self.cleaned_data
        given["key"] = given["key"] or key_of_label(given["label"])
        if not given["key"]:
            self.add_error("key", "Key is required: the label has nothing to make it from.")
            return
        definition = PropertyDefinition(
            kind=PropertyKind.CUSTOM,
            key=given["key"],
            label=given["label"] or label_of_key(given["key"]),
            type=given["type"],
        )
        raw = raw_value(field_of(definition), given["value"])
        zone = ZoneInfo(timezone.get_current_timezone_name())
        validated = Schema([definition]).validate({definition.path: raw}, zone=zone)
        for error in validated.errors:
            self.add_error("value", error.message)
        self.parsed = validated.values.get(definition.path)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def profile_new_property(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    profile = fetch_profile(request, pk)
    if not may_define_properties(request):
        raise PermissionDenied("In this workspace only admins define properties.")
    form = NewPropertyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, profile, form)
    given = form.cleaned_data
    try:
        definition = add_property(
            profile,
            key=given["key"],
            label=given["label"],
            type=PropertyType(given["type"]),
            value=form.parsed,
            actor=request.user,
        )
    except Refused as refusal:
        form.add_error("key", str(refusal))
        return _ask(request, profile, form)
    messages.success(request, f"{definition.label} is a property now.")
    return redirect(profile_url(profile) + back_query(request))


def _ask(request: WorkspaceRequest, profile: Profile, form: NewPropertyForm) -> HttpResponse:
    return render_screen(
        request,
        page="profiles/new_property.html",
        fragment="profiles/_new_property.html",
        context={
            "profile": profile,
            "form": form,
            "back_query": back_query(request),
            "back_url": profile_url(profile) + back_query(request),
        },
        status=422 if form.is_bound else 200,
    )
