"""The panel of the simple filters."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms


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
        """The tags to choose from; those asked for already are always among them."""
        field = self.fields["tags"]
        if isinstance(field, forms.ChoiceField):
            asked = self.data.getlist("tags") if hasattr(self.data, "getlist") else []
            field.choices = [(name, name) for name in dict.fromkeys([*asked, *names])]
