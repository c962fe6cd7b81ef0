"""A workspace with a property of every type, under keys that need quoting."""

import pytest

from profiles.models import PropertyType, Workspace
from profiles.operations.properties import create_property

KEYS = {
    PropertyType.TEXT: "note",
    PropertyType.NUMBER: "score, in %",
    PropertyType.INTEGER: 'se"ats',
    PropertyType.BOOLEAN: "is.vip",
    PropertyType.DATE: "renews_on",
    PropertyType.DATETIME: "signed_up_at",
    PropertyType.CHOICE: "plan",
    PropertyType.TEXT_LIST: "interests; and more",
    PropertyType.NUMBER_LIST: "scores",
    PropertyType.GEO: "office",
    PropertyType.EMAIL: "second_email",
    PropertyType.PHONE: "office_phone",
    PropertyType.URL: "website",
    PropertyType.COUNTRY: "born_in",
    PropertyType.LANGUAGE: "speaks",
    PropertyType.TIMEZONE: "lives_by",
    PropertyType.TOKENS: "devices",
}


@pytest.fixture
def typed(acme: Workspace) -> Workspace:
    """acme, with `custom.` and KEYS."""
    for type, key in KEYS.items():
        choices = ["pro", "=free", " blank", "a;b"] if type == PropertyType.CHOICE else []
        create_property(acme, actor=None, key=key, label=key, type=type, choices=choices)
    acme.refresh_from_db()
    return acme
