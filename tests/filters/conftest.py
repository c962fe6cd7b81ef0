"""Three people to find, and ways to ask for them."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from profiles.filters.profiles import ProfileFilter
from profiles.models import PropertyDefinition, PropertyType, Workspace
from tests.conftest import Make

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
CUSTOM = {
    "plan": PropertyType.CHOICE,
    "seats": PropertyType.INTEGER,
    "mrr": PropertyType.NUMBER,
    "trial": PropertyType.BOOLEAN,
    "renewal": PropertyType.DATE,
    "seen": PropertyType.DATETIME,
    "notes": PropertyType.TEXT,
    "colours": PropertyType.TEXT_LIST,
    "marks": PropertyType.NUMBER_LIST,
    "office": PropertyType.GEO,
    "1": PropertyType.TEXT,
    "a.b": PropertyType.TEXT,
}


@pytest.fixture
def people(acme: Workspace, globex: Workspace, make_profile: Make) -> Workspace:
    """Ann has everything, Bob something else, Cid nothing; Dan is in another workspace."""
    for workspace in (acme, globex):
        for key, type in CUSTOM.items():
            choices = ["free", "pro"] if type == PropertyType.CHOICE else []
            PropertyDefinition.objects.create(
                workspace=workspace, kind="custom", key=key, label=key.title(), type=type, choices=choices
            )
        workspace.schema_has_changed()
    ann: dict[str, Any] = {
        "name": "Ann Ångström",
        "email": "Ann@Example.com",
        "phone": "+4915112345678",
        "country": "DE",
        "birthday": "1990-06-01",
        "tags": ["VIP", "beta"],
        "channel__sms": "+4915112345678",
        "last_seen_at": "2026-06-10T23:30:00Z",
        "custom__plan": "pro",
        "custom__seats": 10,
        "custom__mrr": 12.5,
        "custom__trial": False,
        "custom__renewal": "2026-06-12",
        "custom__seen": "2026-06-14T22:30:00Z",
        "custom__notes": "100 % sure_thing \\o/",
        "custom__colours": ["red", "blue"],
        "custom__marks": [1, 2.5],
        "custom__office": {"lat": 1, "lon": 2},
        "custom__1": "one",
        "custom__a.b": "dotted",
    }
    make_profile("ann", **ann)
    make_profile(
        "bob",
        name="Bob",
        status="disabled",
        country="FR",
        tags=["beta"],
        custom__plan="free",
        custom__seats=9,
        custom__mrr=-1,
        custom__trial=True,
        custom__renewal="2025-01-01",
        custom__notes="plain",
        custom__colours=["green"],
    )
    make_profile("cid", environment="test")
    make_profile("dan", workspace=globex, **ann)
    return acme


def found(workspace: Workspace, query: str | dict[str, Any] | list[tuple[str, str]], **options: Any) -> str:
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    filtered = ProfileFilter(QueryDict(text), workspace=workspace, now=NOW, **options)
    assert not filtered.problems
    return " ".join(sorted(filtered.matching().values_list("distinct_id", flat=True)))


def rule(field: str, operator: str, *values: str) -> dict[str, Any]:
    return {"r1f": field, "r1o": operator, "r1v": values}


def problems(workspace: Workspace, query: str | dict[str, Any]) -> str:
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    filtered = ProfileFilter(QueryDict(text), workspace=workspace, now=NOW)
    assert not filtered.matching().exists()
    return " ".join(filtered.problems)
