"""An application with a key: `app.get("/profiles", {"q": "alice"})`, paths below /api/v1, JSON out and in."""

from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from profiles.models import ApiKey

from ..conftest import MakeKey

BASE = "/api/v1"


@dataclass
class App:
    client: Client
    key: ApiKey
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(self._url(path), query, headers=self._headers(headers))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Bytes and None are sent as they are."""
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        media_type = headers.pop("content_type", "application/json")
        return self.client.generic(
            method, self._url(path), content, content_type=media_type, headers=self._headers(headers)
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else BASE + path

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return self.headers | {name.replace("_", "-"): value for name, value in more.items()}


def make_app(client: Client, made: tuple[ApiKey, str]) -> App:
    key, secret = made
    return App(client, key, {"Authorization": f"Bearer {secret}"})


@pytest.fixture
def app(api: Client, make_key: MakeKey) -> App:
    """Of acme, live, with every scope."""
    return make_app(api, make_key())


def problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    """The problem details of an answer that has to be one."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = orjson.loads(answer.content)
    assert said["status"] == status
    assert said["instance"] == f"urn:request:{answer['X-Request-Id']}"
    return said
