"""Every route of every protocol, read from the URLs so that none can be forgotten, refuses wrong keys."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from profiles.models import ApiKey, Scope, Workspace
from profiles.operations.keys import revoke_key

from .conftest import MakeKey

SAMPLES = {
    "UUIDConverter": str(UUID(int=1)),
    "SlugConverter": "acme",
    "StringConverter": "x",
    "PathConverter": "x",
    "IntConverter": "1",
}


def routes(resolver: URLResolver, names: tuple[str, ...] = (), given: Any = None) -> Iterator[Any]:
    for entry in resolver.url_patterns:
        found = (given or {}) | {k: SAMPLES[type(v).__name__] for k, v in entry.pattern.converters.items()}
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from routes(entry, (*names, entry.namespace) if entry.namespace else names, found)
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "scopes"):
            yield ":".join((*names, entry.name or "")), entry.callback, found


CASES = [
    pytest.param(name, method, scope, given, callback.protocol.door.value, id=f"{name} {method}")
    for name, callback, given in routes(get_resolver())
    for method, scope in callback.scopes.items()
]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize(("name", "method", "scope", "given", "door"), CASES),
]


def ask(
    api: Client, name: str, method: str, given: dict[str, str], door: str, secret: str, account: str = "acme"
) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    if door == "clevertap":
        headers = {"X-CleverTap-Account-Id": account, "X-CleverTap-Passcode": secret}
    if door == "zendesk":
        pair = base64.b64encode(f"me/token:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
    path = reverse(name, kwargs=given | ({"version": "live"} if "version" in given else {}))
    answer = api.generic(method, path, b"{}", content_type="application/json", headers=headers)
    assert answer.status_code != 500
    return int(answer.status_code)


def test_no_key(
    api: Client, acme: Workspace, name: str, method: str, scope: Scope, given: Any, door: str
) -> None:
    path = reverse(name, kwargs=given | ({"version": "live"} if "version" in given else {}))
    assert api.generic(method, path).status_code == 401


def test_a_made_up_key(
    api: Client, acme: Workspace, name: str, method: str, scope: Scope, given: Any, door: str
) -> None:
    assert ask(api, name, method, given, door, "prf_abcdefghijkm_" + "0" * 48) == 401


def test_a_key_of_another_workspace(
    api: Client,
    acme: Workspace,
    globex: Workspace,
    make_key: MakeKey,
    name: str,
    method: str,
    scope: Scope,
    given: Any,
    door: str,
) -> None:
    """Where the request names a workspace; else the key alone decides, and finds only its own."""
    _, secret = make_key(workspace=globex)
    status = ask(api, name, method, given, door, secret)
    assert status == 401 if door in ("clevertap", "fyno") else status != 401


def test_a_missing_scope(
    api: Client, make_key: MakeKey, name: str, method: str, scope: Scope, given: Any, door: str
) -> None:
    _, secret = make_key(scopes=[each for each in Scope.values if each != scope])
    assert ask(api, name, method, given, door, secret) == 403


def test_an_expired_key(
    api: Client, make_key: MakeKey, name: str, method: str, scope: Scope, given: Any, door: str
) -> None:
    _, secret = make_key(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(api, name, method, given, door, secret) == 401


def test_a_revoked_key(
    api: Client, make_key: MakeKey, name: str, method: str, scope: Scope, given: Any, door: str
) -> None:
    key, secret = make_key()
    revoke_key(key, actor=None)
    assert ask(api, name, method, given, door, secret) == 401
    assert ApiKey.objects.get(pk=key.pk).last_used_at is None
