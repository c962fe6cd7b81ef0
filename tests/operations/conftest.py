"""Threads at the same time; people of whom no statistics know; merges, made, taken back and looked at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from profiles.models import Deed, Door, Merge, Profile, Workspace
from profiles.operations.joining import state_of_profile
from profiles.operations.merging import merge_profiles, unmerge
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make


def merge(absorbed: Profile, survivor: Profile, **facts: Any) -> Merge:
    return merge_profiles(
        survivor.workspace,
        absorbed=absorbed.pk,
        survivor=survivor.pk,
        door=Door.CONSOLE,
        actor=None,
        **facts,
    )


def take_back(merged: Merge) -> Profile:
    return unmerge(merged, door=Door.CONSOLE, actor=None)


def everything(*profiles: Profile) -> list[Any]:
    """All that is stored of these profiles, but for when it was written and which doors were used."""
    found: list[Any] = []
    for pk in sorted(profile.pk for profile in profiles):
        profile = Profile.objects.get(pk=pk)
        names = sorted(profile.identifiers.values_list("id", flat=True))
        own = profile.changes.exclude(deed__in=(Deed.MERGED, Deed.UNMERGED)).order_by("id")
        changes = list(own.values_list("id", "deed", "old", "new", "absorbed"))
        merges = list(profile.merges.order_by("id").values_list("absorbed", "survivor", "snapshot"))
        facts = profile.distinct_id, profile.created_at, profile.person
        found.append((pk, state_of_profile(profile), names, changes, merges, facts))
    return found


@pytest.fixture
def bob(make_profile: Make) -> Profile:
    """Who has a city besides what alice has, and an older name."""
    bob = make_profile("bob", first_name="Bob", city="Oxford", tags=["VIP", "new"], custom__plan="free")
    mail = NewIdentifier("bob@example.com", kind="email", source="crm")
    write_profiles(
        bob.workspace,
        [ProfileRow("bob", identifiers=[mail, NewIdentifier("robert")], values={"custom.score": 1})],
        mode="update",
        source="api",
        actor=None,
    )
    return Profile.objects.get(pk=bob.pk)


@pytest.fixture
def newcomers(acme: Workspace, globex: Workspace) -> list[UUID]:
    """Who was just imported is in no statistics, and the workspace seems to be a few pages of an index."""
    for workspace in (globex, acme):
        rows = [ProfileRow(f"person-{number}") for number in range(500)]
        write_profiles(workspace, rows, mode="create", source=Door.IMPORT, actor=None)
        if workspace == globex:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE profiles_profile")
    return list(acme.profiles.values_list("pk", flat=True))


def assert_they_were_found_by_id(asked: CaptureQueriesContext) -> None:
    """What was asked for people, locked one by one, went by their primary key."""
    (statement,) = [query["sql"] for query in asked.captured_queries if "LATERAL" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "".join(line for (line,) in cursor.fetchall())
    assert "profiles_profile_pkey" in plan
    assert "profile_newest" not in plan


def together(work: Callable[[int], Any], *, count: int, at_once: int | None = None) -> list[Any]:
    """What `work(0)` to `work(count - 1)` return at the same time; raises what any of them raised.

    Each thread has a connection of its own. There are fewer where not so many are to be done `at_once`.
    """

    def run(number: int) -> Any:
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once or count) as pool:
        return list(pool.map(run, range(count)))
