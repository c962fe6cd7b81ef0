"""The values that a column is chosen from, each with its label."""

from profiles.models import PropertyType
from profiles.queries.columns import Column

from .countries import countries, country_names


def choices_of(column: Column) -> list[tuple[str, str]]:
    """(value, label); empty where any value may be typed."""
    if column.type == PropertyType.BOOLEAN:
        return [("true", "Yes"), ("false", "No")]
    if column.type == PropertyType.COUNTRY:
        return list(countries())
    return list(column.choices)


def label_of(column: Column, value: str) -> str:
    """How a value of the column is called; itself where it has no other name."""
    if column.type == PropertyType.COUNTRY:
        return country_names().get(value.strip().upper(), value)
    return dict(choices_of(column)).get(value, value)
