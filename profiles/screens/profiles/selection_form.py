"""The form that confirms a bulk action."""

import re
from dataclasses import dataclass
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

# From so many profiles on, their number is typed before they are deleted.
TYPED_FROM: Final = 10


@dataclass(frozen=True, slots=True)
class Deed:
    """What may be done to a selection, and how it is spoken of."""

    verb: str
    label: str
    icon: str
    question: str
    done: str
    takes_tags: bool = False
    is_final: bool = False


DEEDS: Final = {
    deed.verb: deed
    for deed in (
        Deed("delete", "Delete", "trash", "Delete {}?", "deleted", is_final=True),
        Deed("tag", "Tag", "tag-plus", "Tag {}", "tagged", takes_tags=True),
        Deed("untag", "Untag", "tag-minus", "Take tags from {}", "untagged", takes_tags=True),
        Deed("disable", "Disable", "user-off", "Disable {}?", "disabled"),
        Deed("activate", "Activate", "user-check", "Activate {}?", "activated"),
    )
}


class ConfirmForm(forms.Form):
    """`number` is how many profiles the page speaks of: what the operator agrees to by sending it."""

    agreed = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    tags = forms.CharField(
        label="Tags",
        max_length=2_000,
        help_text="Separated by ;",
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off", "autofocus": True}),
    )
    typed = forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    reason = forms.CharField(label="Reason (optional)", max_length=500, required=False)

    def __init__(self, deed: Deed, number: int, data: Any = None) -> None:
        super().__init__(data, initial={"agreed": number}, auto_id="confirm-%s")
        if not deed.takes_tags:
            del self.fields["tags"]
        elif deed.verb == "tag":
            self.fields["tags"].help_text = "Separated by ; (a tag that does not exist yet is created)"
        if not deed.is_final:
            del self.fields["reason"]
        if deed.is_final and number >= TYPED_FROM:
            self.fields["typed"].label = f"Type {number} to confirm"
        else:
            del self.fields["typed"]
        self._number = number
        self.helper = FormHelper()
        self.helper.form_tag = self.helper.disable_csrf = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Field(name) for name in self.fields))

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if re.sub(r"[\s,.']", "", typed) != str(self._number):
            raise forms.ValidationError(f"Type the number {self._number} to go on.")
        return typed
