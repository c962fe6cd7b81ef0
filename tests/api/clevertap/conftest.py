"""An application that speaks CleverTap."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from profiles.models import Workspace
from profiles.queries.names import find_profile
from profiles.queries.profile import values_of
from tests.api.conftest import MakeKey

Said = dict[str, Any]
Ask = Callable[..., tuple[int, Said]]


@pytest.fixture
def ask(api: Client, make_key: MakeKey) -> Ask:
    """`status, body = ask("upload", {"d": [...]})` posts; without a body it gets."""
    _, secret = make_key()
    headers = {"X-CleverTap-Account-Id": "acme", "X-CleverTap-Passcode": secret}

    def send(path: str, body: Any = None) -> tuple[int, Said]:
        if body is None:
            answer = api.get(f"/1/{path}", headers=headers)
        else:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            answer = api.generic("POST", f"/1/{path}", raw, content_type="application/json", headers=headers)
        return answer.status_code, json.loads(answer.content)

    return send


def profile(identity: Any = "jack", **more: Any) -> Said:
    return {"type": "profile", "identity": identity, "profileData": {}} | more


def with_data(**data: Any) -> Said:
    return profile(profileData=data)


def jack(acme: Workspace) -> dict[str, Any]:
    found = find_profile(acme, "live", "jack")
    assert found
    return values_of(found)
