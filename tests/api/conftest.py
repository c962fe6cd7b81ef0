"""Keys for the tests of applications' doors."""

from collections.abc import Callable

import pytest
from django.test import Client

from profiles.models import ApiKey, Scope, Workspace
from profiles.operations.keys import create_key

MakeKey = Callable[..., tuple[ApiKey, str]]


@pytest.fixture
def make_key(acme: Workspace) -> MakeKey:
    """`key, secret = make_key(scopes=["read"])`: of acme, with every scope and no limits unless said."""

    def make(
        *, workspace: Workspace = acme, scopes: list[str] | None = None, **given: object
    ) -> tuple[ApiKey, str]:
        facts = {"name": "Shop", "requests_per_minute": 0, "concurrent_requests": 0} | given
        return create_key(workspace, scopes=scopes or Scope.values, actor=None, **facts)  # type: ignore[arg-type]

    return make


@pytest.fixture
def api(db: None) -> Client:
    """A client without a session, as applications are; what fails in the server is answered, not raised."""
    return Client(raise_request_exception=False)
