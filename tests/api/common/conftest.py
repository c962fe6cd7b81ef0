from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from profiles.models import ApiKey
from tests.api.conftest import MakeKey

Ask = Callable[..., HttpResponse]


@pytest.fixture
def made(make_key: MakeKey) -> tuple[ApiKey, str]:
    return make_key()


@pytest.fixture
def ask(api: Client, made: tuple[ApiKey, str], settings: Any) -> Ask:
    """Ask the trial protocol, with a key that may do everything: `ask("POST", "/echo", b"{}")`."""
    settings.ROOT_URLCONF = "tests.api.common.trial"

    def send(method: str, path: str, body: bytes = b"", **headers: str) -> HttpResponse:
        named = {"Authorization": f"Bearer {made[1]}"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer: HttpResponse = api.generic(
            method,
            path,
            body,
            content_type="text/plain",
            headers=named,  # type: ignore[assignment]
        )
        return answer

    return send
