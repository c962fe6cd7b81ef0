"""The admin's form of a profile: the columns, and JSON for channels and custom properties."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.forms.fields import InvalidJSONInput

from profiles.models import Door, Member, Profile, PropertyKind, Workspace
from profiles.operations.rows import Mode
from profiles.operations.write import Outcome, ProfileRow, write_profiles
from profiles.schema import schema_of

from .common import RowSelect

COLUMNS = (
    *("first_name", "last_name", "name", "email", "phone", "gender", "birthday", "country", "city"),
    *("language", "timezone", "avatar_url", "title"),
)
_OBJECTS = {"channels": PropertyKind.CHANNEL.value, "custom": PropertyKind.CUSTOM.value}


class ObjectField(forms.JSONField):
    """Refuses what Python cannot read though it is JSON: a number of 5,000 digits, very deep lists."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Validated by the workspace's schema, and tried by `write_profiles`, whose refusals become errors."""

    # Not named as the model's field, which is not editable and may not be in a model form.
    tenant = forms.ModelChoiceField(
        Workspace.objects.all(),
        label="Workspace",
        widget=RowSelect(Member._meta.get_field("workspace"), admin.site),
    )
    distinct_id = forms.CharField(max_length=1024, required=False, help_text="Empty: one is made.")
    birthday = forms.CharField(required=False, help_text="Such as 1990-01-31.")
    tags = forms.CharField(required=False, help_text="With ; between them.")
    channels = ObjectField(required=False, help_text="An object of key and value.")
    custom = ObjectField(required=False, help_text="An object of key and value.")

    class Meta:
        model = Profile
        fields = ("environment", "distinct_id", "status", "tags", *COLUMNS, "channels", "custom")

    actor: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["tags"] = ";".join(self.instance.tags)
        if isinstance(birthday := self.instance.birthday, date):
            self.initial["birthday"] = birthday.isoformat()
        if not self.instance._state.adding:
            del self.fields["tenant"]
        for field in self.fields.values():
            field.show_hidden_initial = True  # So that only what was touched is written.

    def clean(self) -> None:
        if self.errors:
            return
        validated = schema_of(self._workspace()).validate(self._raw())
        for error in validated.errors:
            self.add_error(self._place(error.path), error.message)
        for path in validated.unknown:
            self.add_error(self._place(path), f"There is no property “{path}”.")
        self.values = validated.values
        if not self.errors:
            self._try()

    def _try(self) -> None:
        """Write, and take it back, to learn what would be refused."""
        with transaction.atomic():
            outcome = self.write()
            transaction.set_rollback(True)
        for reason in outcome.reasons:
            self.add_error(None, reason)

    def write(self) -> Outcome:
        is_new = self.instance._state.adding
        values = dict(self.values)
        row = ProfileRow(
            distinct_id=values.pop("distinct_id", "") if is_new else self.instance.distinct_id,
            environment=self.cleaned_data["environment"] if is_new else self.instance.environment,
            values=values,
        )
        mode: Mode = "create" if is_new else "update"
        (outcome,) = write_profiles(self._workspace(), [row], mode=mode, source=Door.ADMIN, actor=self.actor)
        return outcome

    def _workspace(self) -> Workspace:
        workspace: Workspace = (
            self.cleaned_data["tenant"] if self.instance._state.adding else self.instance.workspace
        )
        return workspace

    def _raw(self) -> dict[str, Any]:
        """What was posted and differs from what the form showed, by path."""
        changed = set(self.changed_data)
        raw = {name: self.cleaned_data[name] for name in ("status", "tags", *COLUMNS) if name in changed}
        for name, kind in _OBJECTS.items():
            if name in changed:
                raw |= _by_path(kind, self._shown(name), self.cleaned_data[name])
        if self.instance._state.adding:
            raw |= {name: self.cleaned_data[name] for name in ("distinct_id", "status")}
        return raw

    def _shown(self, name: str) -> dict[str, Any]:
        """The object that the operator saw when the form was opened."""
        try:
            shown = self.fields[name].clean(self.data.get(self[name].html_initial_name))
        except forms.ValidationError:
            shown = None
        return shown if isinstance(shown, dict) else getattr(self.instance, name)

    def _place(self, path: str) -> str | None:
        """The form field that `path` is written in."""
        kind = path.partition(".")[0]
        name = next((name for name, prefix in _OBJECTS.items() if prefix == kind), path)
        return name if name in self.fields else None

    def clean_channels(self) -> Any:
        return self._object("channels")

    def clean_custom(self) -> Any:
        return self._object("custom")

    def _object(self, name: str) -> dict[str, Any]:
        value = self.cleaned_data[name] or {}
        if not isinstance(value, dict):
            raise forms.ValidationError("This must be an object of key and value, in braces.")
        return value

    def _post_clean(self) -> None:
        """The schema has judged already; the instance stays as it was until it is written."""


def _by_path(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What to write so that `before` becomes `after`; a key that is gone is cleared."""
    cleared = {f"{kind}.{key}": None for key in before.keys() - after.keys()}
    return cleared | {f"{kind}.{key}": value for key, value in after.items() if before.get(key) != value}
