"""The form that confirms a bulk action, and says what exactly is to be done."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field as Row
from crispy_forms.layout import Layout
from django import forms

from profiles.errors import Refused
from profiles.operations.changes import TEXT_TYPES, Change, change_of
from profiles.schema import Schema

from .forms import GROUPS, PropertyField, PropertyGrid
from .texts import raw_value

# From so many profiles on, their number is typed before they are deleted.
TYPED_FROM: Final = 10
WORD: Final = "DELETE"


@dataclass(frozen=True, slots=True)
class Deed:
    """What may be done to a selection, and how it is spoken of."""

    verb: str
    label: str
    icon: str
    question: str
    done: str
    takes_tags: bool = False
    takes_property: bool = False
    is_final: bool = False

    @property
    def button(self) -> str:
        """What stands before the number on the button that does it."""
        return {"set": "Set for", "clear": "Clear for", "replace": "Replace in"}.get(self.verb, self.label)


DEEDS: Final = {
    deed.verb: deed
    for deed in (
        Deed("tag", "Tag", "tag-plus", "Tag {}", "tagged", takes_tags=True),
        Deed("untag", "Untag", "tag-minus", "Take tags from {}", "untagged", takes_tags=True),
        Deed("disable", "Disable", "user-off", "Disable {}?", "disabled"),
        Deed("activate", "Activate", "user-check", "Activate {}?", "activated"),
        Deed("set", "Set a property", "edit", "Set a property of {}", "changed", takes_property=True),
        Deed("clear", "Clear a property", "eraser", "Clear a property of {}", "changed", takes_property=True),
        Deed(
            "replace",
            "Find and replace",
            "replace",
            "Find and replace in {}",
            "changed",
            takes_property=True,
        ),
        Deed("delete", "Delete", "trash", "Delete {}?", "deleted for good", is_final=True),
    )
}


class ConfirmForm(forms.Form):
    """`number` is how many profiles the page speaks of, None where nobody could count them.

    It is what the operator agrees to by sending the form. Where a property is changed, `change` is what the
    form says by now and `problem` why that cannot be; `seen` is the change whose preview was shown last.
    """

    agreed = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    tags = forms.CharField(
        label="Tags",
        max_length=2_000,
        help_text="Separated by ;",
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off", "autofocus": True}),
    )
    path = forms.CharField(label="Property", required=False, max_length=200)
    find = forms.CharField(label="Find", required=False, strip=False)
    replacement = forms.CharField(
        label="Replace with", required=False, strip=False, help_text="Left empty, what is found is taken out."
    )
    is_case_sensitive = forms.BooleanField(label="Match upper and lower case", required=False)
    is_whole = forms.BooleanField(label="Only where it is the whole value", required=False)
    reason = forms.CharField(label="Reason (optional)", max_length=500, required=False)
    deny = forms.BooleanField(
        label="Refuse these distinct IDs from now on",
        required=False,
        help_text="Nobody can create them again, by hand or by import. What is kept for that names nobody.",
    )
    typed = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )

    def __init__(
        self, deed: Deed, schema: Schema, *, number: int | None, zone: ZoneInfo, data: Any = None
    ) -> None:
        super().__init__(data, initial={"agreed": number}, auto_id="confirm-%s")
        self.deed, self.schema, self.zone, self.number = deed, schema, zone, number
        self.change: Change | None = None
        self.problem = ""
        self.property = schema.fields.get(data.get("path", "")) if data is not None else None
        for name in self.fields.keys() - self._asked():
            del self.fields[name]
        self._put_into_words()

    def _asked(self) -> set[str]:
        """The names of the fields that the deed needs, as far as the property is chosen."""
        names = {"agreed"}
        if self.deed.is_final:
            names |= {"reason", "deny", "typed"} if self._is_typed() else {"reason", "deny"}
        if self.deed.takes_tags:
            names.add("tags")
        if self.deed.takes_property:
            names.add("path")
        if self.deed.verb == "replace" and self.property:
            names |= {"find", "replacement", "is_case_sensitive", "is_whole"}
        return names

    def _is_typed(self) -> bool:
        return self.number is None or self.number >= TYPED_FROM

    @property
    def word(self) -> str:
        """What is typed before many are deleted: their number, as far as it is known."""
        return WORD if self.number is None else str(self.number)

    def _put_into_words(self) -> None:
        if self.deed.verb == "tag":
            self.fields["tags"].help_text = "Separated by ; (a tag that does not exist yet is created)"
        if "typed" in self.fields:
            self.fields["typed"].label = f"Type {self.word} to confirm"
        if "path" in self.fields:
            self.fields["path"].widget = forms.Select({"class": "form-select"}, self._choices())
        if self.deed.verb == "set" and self.property:
            self.fields["value"] = PropertyField(self.property, "confirm-value")
            self.fields["value"].label = "Value"

    def _choices(self) -> list[tuple[str, Any]]:
        is_text = self.deed.verb == "replace"
        offered = [each for each in self.schema.fields.values() if not is_text or each.type in TEXT_TYPES]
        if self.deed.verb == "clear":
            offered = [each for each in offered if not each.required]
        groups = groupby(offered, key=lambda each: each.kind)
        return [
            ("", "Choose…"),
            *((GROUPS[kind], [(f.path, f.label) for f in some]) for kind, some in groups),
        ]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        # The template shows the choice of the property itself, above these.
        names = [name for name in self.fields if name != "path"]
        helper.layout = Layout(*(PropertyGrid(name) if name == "value" else Row(name) for name in names))
        helper.render_unmentioned_fields = False
        return helper

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if re.sub(r"[\s,.']", "", typed).upper() != self.word:
            kind = "word" if self.number is None else "number"
            raise forms.ValidationError(f"Type the {kind} {self.word} to go on.")
        return typed

    def clean(self) -> None:
        for wrong in list(self.errors)[:1]:
            self.fields[wrong].widget.attrs["autofocus"] = True
        if not self.deed.is_final and not self.errors:
            self._judge(self.given)

    @property
    def given(self) -> dict[str, Any]:
        """What the deed is to be told."""
        given = dict(self.cleaned_data)
        if "value" in self.fields and self.property:
            given["value"] = raw_value(self.property, str(self.data.get("value", "")))
        return given

    def _judge(self, given: dict[str, Any]) -> None:
        try:
            self.change = change_of(self.deed.verb, given, self.schema, zone=self.zone)
        except Refused as refusal:
            if self.deed.takes_property:
                self.problem = str(refusal) if self._is_filled_in() else ""
            else:
                self.add_error("tags", str(refusal))

    def _is_filled_in(self) -> bool:
        """Whether the page that was sent asked for all that is needed: only then something may be wrong."""
        needed = {"set": "value", "replace": "find"}.get(self.deed.verb, "path")
        return needed in self.data

    @property
    def is_sound(self) -> bool:
        """Whether the deed can be done as the form says it; `problem` is shown in place of a preview."""
        return self.is_valid() and (self.deed.is_final or self.change is not None)

    @property
    def print_of_change(self) -> str:
        """Tells one change from another, so that only what was shown is done."""
        if self.change is None:
            return ""
        return sha256(json.dumps(self.change.parameters, sort_keys=True).encode()).hexdigest()[:24]

    @property
    def is_seen(self) -> bool:
        """Whether the operator was shown what exactly this does to some of the profiles."""
        return not self.deed.takes_property or self.data.get("seen") == self.print_of_change
