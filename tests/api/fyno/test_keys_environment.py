"""A key that was made for test profiles opens no live path."""

import pytest
from django.test import Client

from profiles.models import Workspace
from tests.api.conftest import MakeKey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("of_key", "path", "status"),
    [("test", "test", 201), ("test", "live", 403), ("live", "test", 201), ("live", "live", 201)],
)
def test_a_test_key_stays_in_test(
    api: Client, acme: Workspace, make_key: MakeKey, of_key: str, path: str, status: int
) -> None:
    _, secret = make_key(environment=of_key)
    answer = api.post(
        f"/v1/acme/{path}/profiles",
        {"distinct_id": "bob"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == status
    assert set(answer.json()) == {"status", "_message"}
