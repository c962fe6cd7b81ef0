"""What the file of an export is to be like."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms

from profiles.errors import Refused
from profiles.exports import ALWAYS, Wanted, all_paths, refuse_impossible
from profiles.queries.columns import Column
from profiles.screens.profiles.columns import grouped

FORMATS: Final = (
    ("csv", "CSV, for most programs"),
    ("xlsx", "Excel workbook"),
    ("jsonl", "JSON lines, for developers"),
    ("parquet", "Parquet, for data tools"),
)


class ExportForm(forms.Form):
    """`number` is how many profiles it is about, None where nobody could count them.

    `shown` are the paths of the listing's columns.
    """

    format = forms.ChoiceField(choices=FORMATS, initial="csv", widget=forms.RadioSelect)
    columns = forms.ChoiceField(initial="shown", widget=forms.RadioSelect)
    paths = forms.MultipleChoiceField(
        label="Which columns",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "The column %(value)s does not exist any more. Please look again."},
    )
    is_compressed = forms.BooleanField(
        label="Compress it with gzip",
        required=False,
        help_text="For CSV and JSON lines; Excel and Parquet are compressed as they are.",
    )
    is_guarded = forms.BooleanField(
        label="Keep formulas from being computed",
        required=False,
        initial=True,
        help_text="In CSV, an apostrophe goes before texts that begin with = + - @, a tab or a return. "
        "An import takes it away again.",
    )

    def __init__(
        self, columns: Mapping[str, Column], *, shown: Sequence[str], number: int | None, data: Any = None
    ) -> None:
        super().__init__(data, auto_id="export-%s", initial={"paths": list(shown)})
        self._shown, self._all, self._number = list(shown), all_paths(columns), number
        self._set_choices("columns", self._presets())
        offered = [column for path, column in columns.items() if path not in ALWAYS]
        self._set_choices(
            "paths", [(label, [(each.path, each.label) for each in some]) for label, some in grouped(offered)]
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div(Field("format"), Field("columns"), css_class="export-choices"),
            Div(Field("paths", wrapper_class="check-list"), css_class="export-paths"),
            Div(Field("is_compressed"), css_class="export-packing"),
            Div(Field("is_guarded"), css_class="export-guard"),
        )

    def _presets(self) -> list[tuple[str, str]]:
        return [
            ("shown", f"As the listing shows ({len({*ALWAYS, *self._shown})})"),
            ("all", f"All ({len(self._all)})"),
            ("chosen", "Chosen ones"),
        ]

    def _set_choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("columns") == "chosen" and not given.get("paths") and "paths" not in self.errors:
            self.add_error("paths", "Tick at least one column.")
        try:
            refuse_impossible(given.get("format", ""), rows=self._number or 0, columns=len(self._all))
        except Refused as refusal:
            self.add_error("format", str(refusal))

    @property
    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        given = self.cleaned_data
        paths = {"shown": self._shown, "all": self._all, "chosen": given["paths"]}[given["columns"]]
        return Wanted(given["format"], paths, given["is_guarded"], given["is_compressed"])
