"""What a key may do, and for how long."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.utils import timezone
from django.utils.html import format_html

from profiles.models import ApiKey, Environment, Scope
from profiles.operations.keys import new_key_id

_MEANING: Final = {
    Scope.READ: "Find, list and read profiles, their history and exports.",
    Scope.WRITE: "Create and change profiles, one by one and in batches.",
    Scope.DELETE: "Delete profiles for good.",
    Scope.INGEST: "Send identifies and events, as browsers and apps do, and read nothing.",
}
_ENVIRONMENTS: Final = {
    Environment.LIVE: "Live, the people you serve",
    Environment.TEST: "Test, for trying things out",
}
_KEEP, _NEVER, _DATE = "keep", "never", "date"
_DAYS: Final = {"30": "30 days", "90": "90 days", "365": "365 days"}
_LIMIT_HELP: Final = "For each {} by itself. Empty: as the API documents. 0: no limit."
_LONGEST: Final = timedelta(days=36_500)


class KeyForm(forms.Form):
    """For a new key, or to edit `key`, whose environment stays. `key_id` makes a form good for one key."""

    key_id = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    name = forms.CharField(max_length=100, help_text="Which application has it, such as “Shop backend”.")
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[
            (scope.value, format_html('{}<span class="form-hint">{}</span>', scope.label, words))
            for scope, words in _MEANING.items()
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one."},
    )
    environment = forms.ChoiceField(
        choices=[(each.value, words) for each, words in _ENVIRONMENTS.items()],
        initial=Environment.LIVE,
        widget=forms.RadioSelect,
        help_text="A key for test never comes near live profiles. One for live means live, unless a request "
        "names test. It cannot be changed later.",
    )
    expiry = forms.ChoiceField(label="Expires")
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="It is good until this day ends, in your time zone.",
    )
    requests_per_minute = forms.IntegerField(
        label="Requests a minute",
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text=_LIMIT_HELP.format("API"),
    )
    concurrent_requests = forms.IntegerField(
        label="Requests at once",
        required=False,
        min_value=0,
        max_value=1_000,
        help_text=_LIMIT_HELP.format("path"),
    )

    def __init__(self, data: Any = None, *, key: ApiKey | None = None) -> None:
        super().__init__(data, initial=_initial(key))
        self.key = key
        expiry = self.fields["expiry"]
        assert isinstance(expiry, forms.ChoiceField)
        expiry.choices = _expiry_choices(key)
        if key:
            del self.fields["environment"], self.fields["key_id"]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        names = [name for name in ("key_id", "name", "environment") if name in self.fields]
        helper.layout = Layout(
            *names,
            Field("scopes"),
            Div("expiry", Field("expires_on"), css_class="key-expiry"),
            Div("requests_per_minute", "concurrent_requests", css_class="key-limits"),
        )
        return helper

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("expiry") != _DATE or "expires_on" in self.errors:
            return
        day = given.get("expires_on")
        if not day:
            self.add_error("expires_on", "Give the day, or choose another end.")
        elif not timedelta(0) <= day - timezone.localdate() <= _LONGEST:
            self.add_error("expires_on", "The last day is today or later, and within a hundred years.")

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as the operations take it."""
        named = {name: value for name, value in self.cleaned_data.items() if not name.startswith("expir")}
        return named | {"expires_at": self._expires_at()}

    def _expires_at(self) -> datetime | None:
        chosen = self.cleaned_data["expiry"]
        if chosen == _KEEP and self.key:
            return self.key.expires_at
        if chosen == _DATE:
            next_day = self.cleaned_data["expires_on"] + timedelta(days=1)
            return timezone.make_aware(datetime.combine(next_day, time.min))
        return None if chosen == _NEVER else timezone.now() + timedelta(days=int(chosen))


class RotateForm(forms.Form):
    """`present` tells the secret that the operator means to replace: sent twice, it rotates once."""

    present = forms.CharField(max_length=4, widget=forms.HiddenInput)
    overlap = forms.TypedChoiceField(
        label="The present secret",
        choices=[
            ("0", "is no good from now on"),
            ("3600", "is good for 1 hour more"),
            ("86400", "is good for 1 day more"),
            ("604800", "is good for 7 days more"),
            ("2592000", "is good for 30 days more"),
        ],
        initial="86400",
        coerce=int,
        widget=forms.RadioSelect,
    )

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True


def _initial(key: ApiKey | None) -> dict[str, Any]:
    if key is None:
        return {"key_id": new_key_id(), "scopes": [Scope.READ], "expiry": _NEVER}
    kept = {name: getattr(key, name) for name in ("name", "scopes")}
    limits = {name: getattr(key, name) for name in ("requests_per_minute", "concurrent_requests")}
    return kept | limits | {"expiry": _KEEP if key.expires_at else _NEVER}


def _expiry_choices(key: ApiKey | None) -> list[tuple[str, str]]:
    choices = [(_NEVER, "Never")] + [(days, f"In {words}") for days, words in _DAYS.items()]
    choices.append((_DATE, "After a day of your choice"))
    if key is None or not key.expires_at:
        return choices
    until = timezone.localtime(key.expires_at)
    return [(_KEEP, f"On {until:%-d %b %Y, %H:%M}, as it is"), *choices]
