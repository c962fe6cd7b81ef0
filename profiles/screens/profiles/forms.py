"""The forms of one profile: a control per property, and the validator of the schema as their only judge."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, LayoutObject
from crispy_forms.layout import Field as Row
from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string

from profiles.models import Environment, PropertyKind, PropertyType, Status, new_distinct_id
from profiles.schema import Field, Schema, Validated

from .controls import HINTS, PropertyControl
from .texts import raw_value
from .tokens import with_tokens

ROOMY: Final = 64
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_EMAIL = '<p class="text-secondary">The e-mail address is above, among the default properties.</p>'
GROUPS: Mapping[str, str] = {
    PropertyKind.DEFAULT: "Default properties",
    PropertyKind.CHANNEL: "Channels",
    PropertyKind.CUSTOM: "Custom properties",
}


class PropertyBound(BoundField):
    """Has an id that any key may have: a custom property's own could hold spaces and quotes."""

    @property
    def auto_id(self) -> str:
        return cast(PropertyField, self.field).element_id


class PropertyField(forms.Field):
    """One property as a form field: takes the text as it is, since the schema judges it.

    `note` is what the page tells about the value, such as where it comes from; `conflict` what somebody else
    has made of it meanwhile.
    """

    bound_field_class = PropertyBound

    def __init__(self, field: Field, element_id: str) -> None:
        super().__init__(
            required=False, label=field.label, widget=PropertyControl(field), help_text=_hint(field)
        )
        self.property = field
        self.element_id = element_id
        self.note: object = None
        self.conflict: object = None


class PropertyGrid(LayoutObject):  # type: ignore[misc]
    """Fields side by side in one template: crispy's way, a template per field, takes twice as long."""

    def __init__(self, *paths: str) -> None:
        self.fields = list(paths)

    def render(self, form: forms.Form, context: Any, template_pack: Any = None, **kwargs: Any) -> str:
        form.rendered_fields.update(self.fields)  # type: ignore[attr-defined]
        return render_to_string("profiles/_grid.html", {"fields": [form[path] for path in self.fields]})


class PropertyForm(forms.Form):
    """The workspace's properties in their blocks."""

    use_required_attribute = False

    def __init__(self, schema: Schema, *, zone: ZoneInfo, facts: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema
        self.zone = zone
        shown = [field for path in facts if (field := schema.field(path))] + list(schema.fields.values())
        self.inputs = {
            field.path: PropertyField(field, f"property-{number}") for number, field in enumerate(shown)
        }
        self.fields |= self.inputs
        tokens = [path for path, field in self.inputs.items() if field.property.type == PropertyType.TOKENS]
        self.data, self.initial = with_tokens(self.data, tokens), with_tokens(self.initial, tokens)

    @property
    def properties(self) -> list[Field]:
        return list(self.schema.fields.values())

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*self.blocks())
        return helper

    def blocks(self) -> Iterable[Fieldset]:
        """A fieldset per kind of property that the workspace has."""
        for kind, title in GROUPS.items():
            paths = [field.path for field in self.properties if field.kind == kind]
            if paths:
                notes = [HTML(_NO_EMAIL)] if kind == PropertyKind.CHANNEL and "email" in self.inputs else []
                yield Fieldset(title, *notes, PropertyGrid(*paths), css_class="property-block")

    def posted(self, path: str) -> str:
        return str(self.data.get(path, ""))

    def raw(self, paths: Iterable[str]) -> dict[str, Any]:
        """What was posted for these properties, as the validator reads it."""
        return {path: raw_value(self.inputs[path].property, self.posted(path)) for path in paths}

    def judge(self, raw: Mapping[str, Any]) -> Validated:
        """Validate raw values by path; what is wrong becomes the error of its field."""
        validated = self.schema.validate(raw, zone=self.zone)
        for error in validated.errors:
            self.add_error(error.path if error.path in self.fields else None, error.message)
        return validated

    @cached_property
    def star_rule(self) -> str:
        """The rule of the starred properties in words, empty where there are none."""
        labels = [field.label for field in self._starred()]
        if len(labels) < 2:
            return f"{labels[0]} is needed." if labels else ""
        return f"At least one of {', '.join(labels)} is needed."

    def _starred(self) -> list[Field]:
        fields = [self.schema.facts["distinct_id"], *self.properties]
        return [field for field in fields if field.path in self.schema.starred]


class CreateForm(PropertyForm):
    """A new profile: its distinct ID, live or test, status and tags, and then its properties."""

    environment = forms.ChoiceField(
        label="Kind of profile",
        choices=Environment.choices,
        initial=Environment.LIVE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose live or test.", "invalid_choice": "Choose live or test."},
    )
    status = forms.ChoiceField(choices=Status.choices, initial=Status.ACTIVE, required=False)
    tags = forms.CharField(
        required=False,
        strip=False,
        help_text="Separated by ;",
        widget=forms.TextInput({"list": "known-tags", "autocomplete": "off"}),
    )

    values: dict[str, Any]

    def __init__(self, schema: Schema, *, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(schema, zone=zone, facts=["distinct_id"], **kwargs)
        self.fields["distinct_id"].help_text = "Empty: one is made. It can never be changed."
        self.fields["status"].widget.attrs["class"] = "form-select"
        self.fields["tags"].widget.attrs["class"] = "form-control"

    def blocks(self) -> Iterable[Any]:
        identity = PropertyGrid("distinct_id", "status", "tags")
        choice = Row("environment", template="profiles/_environment.html")
        yield Fieldset("Identity", identity, choice, css_class="property-block")
        yield from super().blocks()

    @property
    def distinct_id(self) -> str:
        """What was given, else what the page proposed, so that a second click is a repeat."""
        return str(self.values.get("distinct_id") or self.proposed)

    @cached_property
    def proposed(self) -> str:
        """The distinct ID for a profile that gets none: the same as long as the page is."""
        posted = self.posted("proposed") if self.is_bound else ""
        return posted if _UUID.fullmatch(posted) else new_distinct_id()

    def clean(self) -> None:
        given = [path for path in ("distinct_id", *self.schema.fields) if self.posted(path).strip()]
        facts = {"status": self.posted("status"), "tags": self.posted("tags")}
        values = self.judge(self.raw(given) | facts).values
        self.values = {path: value for path, value in values.items() if value is not None}
        for path in self.schema.required - self.values.keys():
            if path not in self.errors:
                self.add_error(path, f"{self.fields[path].label} is required.")
        if self.schema.starred and not self.schema.starred & (self.values.keys() | self.errors.keys()):
            self.add_error(self._starred()[0].path, self.star_rule)


def _hint(field: Field) -> str:
    parts = (field.description.rstrip("."), HINTS.get(field.type, ""), _rule_worth_telling(field))
    return ". ".join(part[:1].upper() + part[1:] for part in parts if part)


def _rule_worth_telling(field: Field) -> str:
    """The rules that somebody who types may run into: not that a name has room for 255 characters."""
    if field.choices:
        return ""
    is_roomy = not field.min_length and (field.max_length or 0) >= ROOMY
    return (replace(field, max_length=None) if is_roomy else field).rule_in_words
