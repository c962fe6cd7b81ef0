"""The workspace that a command names."""

import pytest
from django.core.management import CommandError

from profiles.management.places import workspace_called
from profiles.models import Workspace


def test_it_is_found_by_its_slug(acme: Workspace) -> None:
    assert workspace_called("acme") == acme


@pytest.mark.parametrize("slug", ["nowhere", "", "akmé", "ac\udcffme", "ac\0me"])
def test_another_one_is_said_not_to_be_there(acme: Workspace, slug: str) -> None:
    with pytest.raises(CommandError, match="There is no workspace") as refused:
        workspace_called(slug)
    str(refused.value).encode()
