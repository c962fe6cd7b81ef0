import pytest

from profiles.models import ApiKey, Operator, Workspace
from profiles.operations.keys import create_key


@pytest.fixture
def made(acme: Workspace, admin: Operator) -> tuple[ApiKey, str]:
    """A key that may read and write, and its secret."""
    return create_key(acme, name="Shop", scopes=["read", "write"], actor=admin)


@pytest.fixture
def key(made: tuple[ApiKey, str]) -> ApiKey:
    return made[0]
