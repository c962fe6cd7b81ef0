"""From fields to pydantic validators."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from pydantic_core import CoreSchema, SchemaValidator
from pydantic_core.core_schema import (
    list_schema,
    nullable_schema,
    typed_dict_field,
    typed_dict_schema,
    with_default_schema,
)

from profiles.models import PropertyType

from . import lists, moments, numbers, texts
from .facts import environment_schema, status_schema
from .fields import Field

_SCHEMA_OF_TYPE: Mapping[PropertyType, Callable[[Field], CoreSchema]] = {
    PropertyType.TEXT: texts.text_schema,
    PropertyType.NUMBER: numbers.number_schema,
    PropertyType.INTEGER: numbers.integer_schema,
    PropertyType.BOOLEAN: numbers.boolean_schema,
    PropertyType.DATE: moments.date_schema,
    PropertyType.DATETIME: moments.datetime_schema,
    PropertyType.CHOICE: texts.choice_schema,
    PropertyType.TEXT_LIST: lists.text_list_schema,
    PropertyType.NUMBER_LIST: lists.number_list_schema,
    PropertyType.GEO: numbers.geo_schema,
    PropertyType.EMAIL: texts.email_schema,
    PropertyType.PHONE: texts.phone_schema,
    PropertyType.URL: texts.url_schema_of,
    PropertyType.COUNTRY: texts.country_schema,
    PropertyType.LANGUAGE: texts.language_schema,
    PropertyType.TIMEZONE: texts.timezone_schema,
    PropertyType.TOKENS: lists.tokens_schema,
}
_SCHEMA_OF_FACT: Mapping[str, Callable[[Field], CoreSchema]] = {
    "status": status_schema,
    "environment": environment_schema,
    "tags": lists.tags_schema,
    "distinct_id": texts.distinct_id_schema,
}


@lru_cache(maxsize=4096)
def validator_of(field: Field) -> SchemaValidator:
    """Validates one value; None is not one."""
    return SchemaValidator(_schema(field))


@lru_cache(maxsize=128)
def batch_validator(fields: tuple[Field, ...]) -> SchemaValidator:
    """Validates a list of rows in one call. A bad row becomes None; unknown keys go."""
    row = typed_dict_schema(
        {field.path: typed_dict_field(nullable_schema(_schema(field)), required=False) for field in fields},
        extra_behavior="ignore",
    )
    return SchemaValidator(list_schema(with_default_schema(row, default=None, on_error="default")))


def _schema(field: Field) -> CoreSchema:
    return _SCHEMA_OF_FACT.get(field.path, _SCHEMA_OF_TYPE[field.type])(field)
