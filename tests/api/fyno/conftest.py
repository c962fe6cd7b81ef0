"""An application that talks to Fyno's paths."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from profiles.models import Workspace
from tests.api.conftest import MakeKey

Ask = Callable[..., tuple[int, Any]]
ASHA: dict[str, Any] = {
    "distinct_id": "U1",
    "name": "Asha Rao",
    "status": 1,
    "timezone": "Asia/Kolkata",
    "channel": {
        "sms": "+919879123456",
        "whatsapp": "+91 98791 23456",
        "voice": "+44 20 7183 8750",
        "email": "asha@example.com",
        "slack": "C012AB3CD",
        "discord": "asha#1",
        "teams": "Support",
        "push": [{"token": "onesignal_player_id:p1", "integration_id": "IN1", "status": 0}, {"token": "p2"}],
        "inapp": [{"token": "i1", "status": None}],
        "webpush": [{"token": "w1"}],
    },
}
"""A body with every documented key."""


@pytest.fixture
def fyno(api: Client, acme: Workspace, make_key: MakeKey) -> Ask:
    """`code, body = fyno("PUT", "profiles/U1", {"name": "Asha"})`, in acme's live version."""
    _, secret = make_key(name="Fyno")

    def ask(method: str, path: str, body: object = None, *, version: str = "live") -> tuple[int, Any]:
        answer = api.generic(
            method,
            f"/v1/acme/{version}/{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        return answer.status_code, json.loads(answer.content)

    return ask


def ok(sentence: str) -> dict[str, str]:
    return {"status": "ok", "_message": sentence}


def error(sentence: str) -> dict[str, str]:
    return {"status": "error", "_message": sentence}
