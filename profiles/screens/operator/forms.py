"""What an operator may choose about the console."""

from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms

from profiles.models.operator import Theme


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)


class PreferencesForm(ThemeForm):
    first_name = forms.CharField(label="First name", max_length=150, required=False)
    last_name = forms.CharField(label="Last name", max_length=150, required=False)
    timezone = forms.ChoiceField(
        label="Time zone",
        choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
        help_text="Dates and times are shown and typed in this zone.",
    )

    helper = FormHelper()
    helper.layout = Layout(
        "first_name",
        "last_name",
        "timezone",
        "theme",
        HTML('<button type="submit" class="btn btn-primary">Save</button>'),
    )
