"""The panel of the simple filters."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms

from .countries import countries


class PanelForm(forms.Form):
    """What `ProfileFilter` fills with its fields. `helper` lays them out; the search box stands elsewhere."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            Div(
                Div(Field("status"), Field("environment"), css_class="filter-column"),
                Div(
                    Field("tags_match"), Field("tags", wrapper_class="check-list"), css_class="filter-column"
                ),
                Div(Field("country", wrapper_class="check-list"), css_class="filter-column"),
                Div(
                    *(
                        Div(Field(f"{span}_from"), Field(f"{span}_to"), css_class="filter-range")
                        for span in ("created", "updated", "seen")
                    ),
                    css_class="filter-column",
                ),
                css_class="filter-grid",
            )
        )
        return helper

    def offer_tags(self, names: Iterable[str]) -> None:
        """The tags to choose from; those asked for already are always among them, and first."""
        self._offer("tags", [(name, name) for name in dict.fromkeys([*self._asked("tags"), *names])])

    def offer_asked_countries_first(self) -> None:
        asked = self._asked("country")
        self._offer("country", sorted(countries(), key=lambda country: country[0] not in asked))

    def _asked(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
