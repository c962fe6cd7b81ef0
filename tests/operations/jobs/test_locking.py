"""The people of a batch, locked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.models import (
    Door,
    Operator,
    Selection,
    Workspace,
)
from profiles.operations.jobs.locking import locked, locked_for_good
from profiles.operations.selections import select
from profiles.operations.write import ProfileRow, write_profiles


@pytest.mark.parametrize("lock", [locked, locked_for_good])
def test_people_are_found_by_their_ids_before_the_database_knows_how_many_a_workspace_has(
    acme: Workspace, globex: Workspace, editor: Operator, lock: Callable[[Selection, list[str]], list[Any]]
) -> None:
    """Who was just imported is in no statistics, and the workspace seems to be a few pages of an index."""
    known = [ProfileRow(f"known-{number}") for number in range(500)]
    write_profiles(globex, known, mode="create", source=Door.IMPORT, actor=None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE profiles_profile")
    new = [ProfileRow(f"new-{number}") for number in range(500)]
    write_profiles(acme, new, mode="create", source=Door.IMPORT, actor=None)
    ids = [str(key) for key in acme.profiles.values_list("pk", flat=True)]
    selection = select(acme, operator=editor, query="", is_everything=True)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        assert len(lock(selection, ids)) == len(ids)
    (statement,) = [query["sql"] for query in asked.captured_queries if "LATERAL" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "".join(line for (line,) in cursor.fetchall())
    assert "profiles_profile_pkey" in plan
    assert "profile_newest" not in plan
