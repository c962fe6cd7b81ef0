"""A client of Zendesk's API, in the process of the test."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.api.conftest import MakeKey

Answer = tuple[int, Any]
Ask = Callable[..., Answer]


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"devs@coolbikes.com/token:{secret}".encode()).decode()


@pytest.fixture
def ask(api: Client, make_key: MakeKey) -> Ask:
    """`ask("PUT", "user_profiles", "coolbikes:rider:email:x@example.com", {...})` -> status, JSON.

    The third argument is the identifier query, the fourth what stands under `profile` (or all of `body`).
    """
    _, default_secret = make_key()

    def ask(
        method: str,
        path: str = "user_profiles",
        identifier: str = "",
        profile: Any = None,
        *,
        secret: str = default_secret,
        body: Any = None,
    ) -> Answer:
        address = f"/api/v2/{path}" + (f"?{urlencode({'identifier': identifier})}" if identifier else "")
        sent = body if body is not None else {"profile": profile} if profile is not None else None
        answer = api.generic(
            method,
            address,
            b"" if sent is None else json.dumps(sent).encode(),
            content_type="application/json",
            headers={"Authorization": basic(secret)},
        )
        return answer.status_code, json.loads(answer.content) if answer.content else None

    return ask


RIDER = "coolbikes:rider:email:jdoe@example.com"


@pytest.fixture
def jdoe(ask: Ask) -> dict[str, Any]:
    """The profile of seed 004, as its PUT makes it."""
    content = {
        "name": "Jane Doe",
        "identifiers": [{"type": "email", "value": "jdoe@example.com"}],
        "attributes": {"favorite_color": "red", "saddle_height": "85cm"},
    }
    status, answer = ask("PUT", "user_profiles", RIDER, content)
    assert status == 201
    made: dict[str, Any] = answer["profile"]
    return made
