"""What every profile has besides its properties, and may be written like one."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_plain_validator_function

from profiles.models import MAX_TAG_LENGTH, MAX_TAGS, Environment, PropertyType, Status

from .fields import FACT, Field
from .refusals import refusal
from .texts import as_text

_STATUSES = {
    "active": Status.ACTIVE.value,
    "enabled": Status.ACTIVE.value,
    "1": Status.ACTIVE.value,
    "disabled": Status.DISABLED.value,
    "inactive": Status.DISABLED.value,
    "0": Status.DISABLED.value,
}
"""The words of the systems that profiles come from (contracts 6)."""

_ENVIRONMENTS = {value: value for value in Environment.values}


def facts() -> dict[str, Field]:
    return {fact.path: fact for fact in (*_choices(), *_others())}


def _choices() -> list[Field]:
    return [
        Field(path, FACT, path, label, PropertyType.CHOICE, choices=tuple(choices.values))
        for path, label, choices in (
            ("status", "Status", Status),
            ("environment", "Environment", Environment),
        )
    ]


def _others() -> list[Field]:
    return [
        Field("distinct_id", FACT, "distinct_id", "Distinct ID", PropertyType.TEXT, max_length=1024),
        Field(
            "tags",
            FACT,
            "tags",
            "Tags",
            PropertyType.TEXT_LIST,
            max_length=MAX_TAG_LENGTH,
            max_elements=MAX_TAGS,
        ),
        Field("last_seen_at", FACT, "last_seen_at", "Last seen", PropertyType.DATETIME),
    ]


def status_schema(_: Field) -> CoreSchema:
    return _word_of(_STATUSES, "must be active or disabled")


def environment_schema(_: Field) -> CoreSchema:
    return _word_of(_ENVIRONMENTS, "must be live or test")


def _word_of(words: Mapping[str, str], requirement: str) -> CoreSchema:
    def read(raw: Any) -> str:
        found = words.get(as_text(raw).strip().lower())
        if found is None:
            raise refusal("choice", requirement)
        return found

    return no_info_plain_validator_function(read)
