"""Keys for the tests of applications' doors, and the real server for what goes through the network."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from profiles.models import ApiKey, Scope, Workspace
from profiles.operations.keys import create_key

from .server import serving

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


@pytest.fixture(scope="session")
def api_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Started by the first test that wants it; `live_api` is what tests ask for."""
    with serving(tmp_path_factory.mktemp("files")) as address:
        yield address


@pytest.fixture
def live_api(transactional_db: None, api_server: str) -> str:
    """The address of the real server (`http://127.0.0.1:12345`), which sees what the test commits.

    Name it before `acme`, `make_key` and the like, so that these are committed too.
    """
    return api_server
