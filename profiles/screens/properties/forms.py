"""Create and edit a property. The rules of a definition are those of the operation; this only reads them."""

import copy
from hashlib import sha256
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms

from profiles.models import PropertyDefinition, PropertyKind, PropertyType
from profiles.operations.property_rules import INDEXABLE, is_tighter, problems_of, tidy
from profiles.queries.counts import CAP
from profiles.queries.properties import Unfit, count_lacking, unfit_values
from profiles.schema import RULES_OF_TYPE, plain_number

from .keys import oddities

_RULES = ("min_length", "max_length", "minimum", "maximum", "pattern", "choices", "max_elements")


class PropertyForm(forms.Form):
    """`candidate` is the definition as it would be saved; it is there after validation."""

    key = forms.CharField(
        max_length=120, help_text="As applications and files name it, such as plan. It can never be changed."
    )
    label = forms.CharField(
        max_length=120, required=False, help_text="As people read it; empty: made from the key."
    )
    description = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="What it means, for colleagues.",
    )
    type = forms.ChoiceField(
        choices=PropertyType.choices, help_text="Fixed as soon as profiles have values of it."
    )
    min_length = forms.IntegerField(label="Shortest text", required=False, help_text="In characters.")
    max_length = forms.IntegerField(label="Longest text", required=False, help_text="In characters.")
    minimum = forms.FloatField(label="Smallest value", required=False)
    maximum = forms.FloatField(label="Largest value", required=False)
    pattern = forms.CharField(
        max_length=500,
        required=False,
        strip=False,
        help_text="A regular expression that the whole text matches, such as [A-Z]{2}-[0-9]+.",
    )
    choices = forms.CharField(
        max_length=300_000, required=False, widget=forms.Textarea({"rows": 5}), help_text="One per line."
    )
    max_elements = forms.IntegerField(label="Most elements", required=False)
    required = forms.BooleanField(
        required=False, help_text="A new profile needs it, and it cannot be cleared."
    )
    starred = forms.BooleanField(
        label="One of the starred",
        required=False,
        help_text="At least one of the properties with a star is needed.",
    )
    indexed = forms.BooleanField(
        label="Index",
        required=False,
        help_text="Sorting and comparing by it is fast, writing a little slower.",
    )
    confirmed = forms.CharField(required=False, max_length=64)

    candidate: PropertyDefinition

    def __init__(
        self, *args: Any, definition: PropertyDefinition, is_type_fixed: bool = False, **kwargs: Any
    ) -> None:
        self.definition = definition
        super().__init__(*args, **kwargs)
        self.initial = _initial(definition)
        self.is_new = definition.pk is None or definition._state.adding
        if not self.is_new:
            del self.fields["key"]
        if is_type_fixed:
            self.fields["type"].disabled = True
            self._leave_out_other_rules()
        if definition.kind != PropertyKind.CUSTOM or (is_type_fixed and definition.type not in INDEXABLE):
            del self.fields["indexed"]
        if definition.path == "distinct_id":
            del self.fields["required"]

    def _leave_out_other_rules(self) -> None:
        applicable = RULES_OF_TYPE.get(PropertyType(self.definition.type), ())
        if self.definition.path == "distinct_id":
            applicable = ()
        for rule in _RULES:
            if rule not in applicable:
                del self.fields[rule]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            *self._there("key", "label", "description", "type"),
            self._rules(),
            *self._there("required", "starred", "indexed"),
        )
        return helper

    def _there(self, *names: str) -> list[Field]:
        return [Field(name, css_class=f"property-{name}") for name in names if name in self.fields]

    def _rules(self) -> Fieldset:
        rules = [
            Div(Field(name), css_class=f"property-rule rule-{name}") for name in _RULES if name in self.fields
        ]
        return Fieldset("Rules", *rules, css_class="property-rules") if rules else Div()

    def clean_choices(self) -> list[str]:
        return str(self.cleaned_data["choices"]).splitlines()

    def clean(self) -> None:
        if self.errors:
            return
        self.candidate = copy.copy(self.definition)
        for name, value in self.changes().items():
            setattr(self.candidate, name, value)
        if self.is_new:
            self.candidate.key = self.cleaned_data["key"]
        tidy(self.candidate)
        for name, sentences in problems_of(self.candidate).items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def changes(self) -> dict[str, Any]:
        """What an edit is to change, by field of the definition."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "confirmed")}

    def unfit(self) -> Unfit | None:
        """The stored values that tighter rules would refuse, unless the operator knows and went on."""
        if self.is_new or self._is_confirmed or not is_tighter(self.definition, self.candidate):
            return None
        found = unfit_values(self.candidate)
        return found if found.count else None

    def odd_key(self) -> str:
        """What is unusual about a new key, which stays for good; nothing if the operator knows."""
        odd = oddities(self.candidate.key) if self.is_new and not self._is_confirmed else []
        return " and ".join(odd)

    def lacking(self) -> str:
        """How many profiles have no value of what is to be required, in words; likewise nothing if known."""
        if self.is_new or self._is_confirmed or self.definition.required or not self.candidate.required:
            return ""
        count = count_lacking(self.candidate)
        if not count:
            return "" if count == 0 else "An unknown number of profiles have no value"
        if count > CAP:
            return f"More than {CAP:,} profiles have no value"
        return f"{count:,} profiles have no value" if count > 1 else "One profile has no value"

    @property
    def _is_confirmed(self) -> bool:
        return bool(self.cleaned_data["confirmed"] == self.confirmation)

    @property
    def confirmation(self) -> str:
        """Stands for these very rules: other rules are asked about anew."""
        rules = [getattr(self.candidate, name) for name in (*_RULES, "key", "type", "required")]
        return sha256(repr(rules).encode()).hexdigest()


def _initial(definition: PropertyDefinition) -> dict[str, Any]:
    names = ("key", "label", "description", "type", *_RULES, "required", "starred", "indexed")
    initial = {name: getattr(definition, name) for name in names}
    bounds = {
        name: None if initial[name] is None else plain_number(initial[name])
        for name in ("minimum", "maximum")
    }
    return initial | bounds | {"choices": "\n".join(definition.choices)}
