"""The people of a batch, locked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.models import Operator, Selection, Workspace
from profiles.operations.jobs.locking import locked, locked_for_good
from profiles.operations.selections import select
from tests.operations.conftest import assert_they_were_found_by_id


@pytest.mark.parametrize("lock", [locked, locked_for_good])
def test_people_are_found_by_their_ids_before_the_database_knows_how_many_a_workspace_has(
    acme: Workspace,
    editor: Operator,
    newcomers: list[UUID],
    lock: Callable[[Selection, list[str]], list[Any]],
) -> None:
    selection = select(acme, operator=editor, query="", is_everything=True)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        assert len(lock(selection, [str(key) for key in newcomers])) == len(newcomers)
    assert_they_were_found_by_id(asked)
