"""Merges, new distinct IDs, changes, and merges that are taken back, in whatever order."""

import random
import re
from contextlib import suppress

import pytest
from django.db import connection

from profiles.errors import Refused
from profiles.models import Deed, Door, Identifier, IdentifierKind, Merge, Profile, ProfileChange, Workspace
from profiles.operations.joining import state_of_profile
from profiles.operations.merging import merge_profiles, obstacles, unmerge
from profiles.operations.renaming import rename_profile
from profiles.operations.write import ProfileRow, write_profiles
from profiles.queries.names import find_profiles

pytestmark = pytest.mark.django_db

STEPS = 30
PATHS = ("city", "title", "first_name", "country")
PEOPLE = "abcde"


def values(chance: random.Random) -> dict[str, str]:
    return {path: chance.choice(["DE", "FR", "GB"]) for path in PATHS if chance.random() < 0.5}


def change(workspace: Workspace, names: list[str], chance: random.Random) -> None:
    row = ProfileRow(chance.choice(names), values=values(chance))
    write_profiles(workspace, [row], mode="update", source="api", actor=None)


def merge(workspace: Workspace, names: list[str], chance: random.Random) -> None:
    people = list(Profile.objects.order_by("pk"))
    if len(people) < 2:
        return
    absorbed, survivor = chance.sample(people, 2)
    merge_profiles(workspace, absorbed=absorbed.pk, survivor=survivor.pk, door=Door.API, actor=None)


def rename(workspace: Workspace, names: list[str], chance: random.Random) -> None:
    profile = chance.choice(list(Profile.objects.order_by("pk")))
    name = chance.choice([*names, f"n{len(names)}"])
    rename_profile(workspace, profile.pk, name, door=Door.API, actor=None)
    if name not in names:
        names.append(name)


def take_back(workspace: Workspace, names: list[str], chance: random.Random) -> None:
    """What is refused is what was said to stand in the way."""
    merges = list(Merge.objects.exclude(snapshot={}).order_by("pk"))
    if not merges:
        return
    merged = chance.choice(merges)
    if reasons := obstacles(merged, merged.profile):
        with pytest.raises(Refused, match=re.escape(" ".join(reasons))):
            unmerge(merged, door=Door.API, actor=None)
        return
    brought = unmerge(merged, door=Door.API, actor=None)
    assert brought.distinct_id == merged.distinct_id
    assert state_of_profile(brought) == merged.snapshot["values"]


def assert_all_is_well(workspace: Workspace, names: list[str]) -> None:
    assert find_profiles(workspace, "live", names).keys() == set(names)
    people = "SELECT id FROM profiles_profile"
    for table in ("profiles_identifier", "profiles_profilechange", "profiles_merge"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE profile_id NOT IN ({people})")
            assert cursor.fetchone() == (0,), table
    absorbed = Identifier.objects.filter(kind=IdentifierKind.DISTINCT_ID).values_list("value", flat=True)
    assert sorted(absorbed) == sorted(Merge.objects.values_list("distinct_id", flat=True))
    assert not Profile.objects.filter(distinct_id__in=list(absorbed)).exists()
    births = ProfileChange.objects.filter(deed=Deed.CREATED, absorbed=None)
    assert sorted(births.values_list("profile", flat=True)) == sorted(
        Profile.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize("seed", range(5))
def test_each_name_leads_to_somebody_and_each_history_to_its_profile(acme: Workspace, seed: int) -> None:
    chance, names = random.Random(seed), [*PEOPLE]
    rows = [ProfileRow(name, values=values(chance)) for name in names]
    write_profiles(acme, rows, mode="create", source="api", actor=None)
    for _ in range(STEPS):
        deed = chance.choice([merge, merge, rename, take_back, take_back, change])
        with suppress(Refused):
            deed(acme, names, chance)
        assert_all_is_well(acme, names)
