"""A schema as a workspace starts with, and a few properties of its own; without a database."""

import pytest

from profiles.models import PropertyDefinition, PropertyType
from profiles.schema import Schema

DEFAULTS = {
    "distinct_id": PropertyType.TEXT,
    "first_name": PropertyType.TEXT,
    "last_name": PropertyType.TEXT,
    "name": PropertyType.TEXT,
    "email": PropertyType.EMAIL,
    "phone": PropertyType.PHONE,
    "birthday": PropertyType.DATE,
    "country": PropertyType.COUNTRY,
    "city": PropertyType.TEXT,
    "language": PropertyType.LANGUAGE,
    "timezone": PropertyType.TIMEZONE,
    "title": PropertyType.TEXT,
}
OWN = {
    "shoe_size": PropertyType.NUMBER,
    "hobbies": PropertyType.TEXT_LIST,
    "member": PropertyType.BOOLEAN,
    "joined_at": PropertyType.DATETIME,
}


@pytest.fixture
def schema() -> Schema:
    kinds = {"default": DEFAULTS, "channel": {"sms": PropertyType.PHONE}, "custom": OWN}
    definitions = [
        PropertyDefinition(kind=kind, key=key, label=key.replace("_", " ").capitalize(), type=type)
        for kind, types in kinds.items()
        for key, type in types.items()
    ]
    old = PropertyDefinition(
        kind="custom", key="old", label="Old", type=PropertyType.TEXT, archived_at="2026-01-01"
    )
    return Schema([*definitions, old])
