"""Merges, as the tests of merging make them, take them back and look at what they left."""

from typing import Any

import pytest

from profiles.models import Deed, Door, Merge, Profile
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
