"""Form fields of the filters."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)

MOST_WORDS: Final = 200
LONGEST_WORD: Final = 255
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


class WordsField(forms.MultipleChoiceField):
    """Some words; those that exist are offered, any other may be asked for."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if len(value) > MOST_WORDS:
            raise forms.ValidationError(f"At most {MOST_WORDS} at once.")
        for word in value:
            ProhibitNullCharactersValidator()(word)
            MaxLengthValidator(LONGEST_WORD)(word)


class DayField(forms.DateField):
    """A day as 2026-01-31, in years in which every time zone can count."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
            **options,
        )
