"""An application that talks to Fyno's paths."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from profiles.models import Workspace
from tests.api.conftest import MakeKey

Ask = Callable[..., tuple[int, Any]]


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
