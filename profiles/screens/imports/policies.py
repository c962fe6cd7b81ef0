"""What an import does with people who exist, with empty cells and with values that do not fit."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms

from profiles.imports import Mapping
from profiles.models import IdentifierKind
from profiles.schema import timezones

from .targets import kinds_in

MODES = (
    ("upsert", "Create and update"),
    ("create", "Only create new people"),
    ("update", "Only update known people"),
    ("replace", "Create and replace"),
)
_MODES_HELP = (
    "Rows that are not wanted are refused. Replacing also clears what the file does not give about somebody."
)
_MATCHES = {
    "distinct_id": "Distinct ID",
    "email": "E-mail",
    "phone": "Phone",
    IdentifierKind.ANONYMOUS_ID.value: IdentifierKind.ANONYMOUS_ID.label,
}
_NAMED = {kind.value: kind.label for kind in IdentifierKind}


class PolicyForm(forms.Form):
    mode = forms.ChoiceField(label="What to do", choices=MODES, help_text=_MODES_HELP)
    match = forms.ChoiceField(label="People are recognised by")
    existing = forms.ChoiceField(
        label="A value that is there already",
        choices=(("overwrite", "Is overwritten"), ("keep", "Is kept; gaps are filled")),
    )
    blank = forms.ChoiceField(
        label="An empty cell",
        choices=(("ignore", "Leaves the value as it is"), ("clear", "Clears the value")),
    )
    bad = forms.ChoiceField(
        label="A value that does not fit",
        choices=(("row", "Refuses its row"), ("value", "Is dropped, the rest taken")),
    )
    environment = forms.ChoiceField(label="Environment", choices=(("live", "Live"), ("test", "Test")))
    zone = forms.ChoiceField(
        label="Times without a zone are of", choices=[(zone, zone) for zone in sorted(timezones().values())]
    )

    def __init__(self, data: Any = None, *, mapping: Mapping) -> None:
        """`mapping` gives the initial values, and the identifiers that can be matched by."""
        initial = {name: getattr(mapping, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        others = dict.fromkeys([*kinds_in(mapping), mapping.match])
        offered = _MATCHES | {kind: _NAMED.get(kind, kind) for kind in others if kind not in _MATCHES}
        self.fields["match"].choices = list(offered.items())  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            *map(Field, ("mode", "match", "existing", "blank", "bad", "environment")),
            Div(HTML('<details class="more"><summary>More</summary>'), Field("zone"), HTML("</details>")),
        )
        return helper
