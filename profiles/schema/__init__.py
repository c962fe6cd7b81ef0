"""What a workspace's property definitions mean: types, rules, and the one validator of every door."""

from .fields import (
    ELEMENTS_CAP,
    LISTS,
    NUMBERS,
    RULES_OF_TYPE,
    Field,
    FieldError,
    Validated,
    column_width,
    field_of,
    plain_number,
)
from .guess import guess_type
from .lists import list_of_json, most_tokens, token_key
from .refusals import shown
from .schema import Schema, schema_of
from .texts import country_codes, pattern_problem, timezones

__all__ = [
    "ELEMENTS_CAP",
    "LISTS",
    "NUMBERS",
    "RULES_OF_TYPE",
    "Field",
    "FieldError",
    "Schema",
    "Validated",
    "column_width",
    "country_codes",
    "field_of",
    "guess_type",
    "list_of_json",
    "most_tokens",
    "pattern_problem",
    "plain_number",
    "schema_of",
    "shown",
    "timezones",
    "token_key",
]
