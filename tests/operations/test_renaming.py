"""A profile gets another distinct ID, and the old one leads to it."""

import pytest

from profiles.errors import Refused
from profiles.models import Deed, Door, Merge, Profile, Workspace
from profiles.operations.erase import erase_profiles
from profiles.operations.joining import state_of_profile
from profiles.operations.merging import merge_profiles, obstacles, unmerge
from profiles.operations.renaming import rename_profile
from profiles.operations.write import ProfileRow, write_profiles
from profiles.queries.names import find_profile
from profiles.queries.profile import origins_of
from tests.conftest import Make

pytestmark = pytest.mark.django_db


def rename(profile: Profile, distinct_id: str) -> Profile:
    return rename_profile(profile.workspace, profile.pk, distinct_id, door=Door.CONSOLE, actor=None)


def test_everything_comes_along(acme: Workspace, alice: Profile) -> None:
    changes = list(alice.changes.values_list("id", flat=True))
    renamed = rename(alice, "alice-2")
    assert (renamed.distinct_id, state_of_profile(renamed)) == ("alice-2", state_of_profile(alice))
    assert (renamed.created_at, renamed.sources) == (alice.created_at, alice.sources)
    assert renamed.person_number == alice.person_number
    assert [change.pk for change in renamed.changes.own()][1:] == changes  # type: ignore[attr-defined]
    entry = renamed.changes.get(deed=Deed.RENAMED)
    assert (entry.old, entry.new) == ({"distinct_id": "alice"}, {"distinct_id": "alice-2"})
    assert origins_of(renamed).by_path["email"].change == changes[0]
    assert find_profile(acme, "live", "alice") == renamed
    assert Profile.objects.count() == 1


def test_writes_for_the_old_name_go_on(acme: Workspace, alice: Profile) -> None:
    renamed = rename(alice, "alice-2")
    row = ProfileRow("alice", values={"city": "Oxford"})
    (outcome,) = write_profiles(acme, [row], mode="upsert", source="api", actor=None)
    assert outcome.id == renamed.pk


def test_back_again(acme: Workspace, alice: Profile) -> None:
    back = rename(rename(rename(alice, "b"), "c"), "alice")
    assert back == alice
    assert sorted(back.identifiers.values_list("value", flat=True)) == ["b", "c"]
    assert sorted(Merge.objects.values_list("distinct_id", flat=True)) == ["b", "c"]
    assert rename(back, "alice") == back


def test_who_gets_the_name_of_one_they_took_in_is_not_taken_for_them(
    acme: Workspace, alice: Profile, make_profile: Make
) -> None:
    bob, carol = make_profile("bob"), make_profile("carol")
    merge_profiles(acme, absorbed=bob.pk, survivor=alice.pk, door=Door.CONSOLE, actor=None)
    renamed = rename(alice, "bob")
    assert not Merge.objects.filter(distinct_id="bob").exists()
    merged = merge_profiles(acme, absorbed=renamed.pk, survivor=carol.pk, door=Door.CONSOLE, actor=None)
    brought = unmerge(merged, door=Door.CONSOLE, actor=None)
    assert brought == renamed
    births = brought.changes.filter(deed=Deed.CREATED).order_by("id")
    assert [change.absorbed is None for change in births] == [True, False]
    assert find_profile(acme, "live", "alice") == brought


def test_refusals(alice: Profile, make_profile: Make) -> None:
    bob = make_profile("bob")
    rename(make_profile("carol"), "caroline")
    dora = make_profile("dora")
    erase_profiles(dora.workspace, [dora.pk], source=Door.CONSOLE, actor=None, deny=True)
    for distinct_id, reason in (
        ("", "Give the new"),
        ("x" * 1025, "1024|1,024"),
        ("bob", "exists already"),
        ("carol", "exists already: it is “caroline” now"),
        ("dora", "deleted for good"),
    ):
        with pytest.raises(Refused, match=reason):
            rename(alice, distinct_id)
    assert find_profile(alice.workspace, "live", "alice") == alice
    assert find_profile(alice.workspace, "live", "bob") == bob


def test_a_merge_is_taken_back_though_the_survivor_was_renamed(alice: Profile, make_profile: Make) -> None:
    bob = make_profile("bob", city="Oxford")
    merge_profiles(alice.workspace, absorbed=bob.pk, survivor=alice.pk, door=Door.CONSOLE, actor=None)
    renamed = rename(alice, "alice-2")
    assert obstacles(Merge.objects.get(distinct_id="alice"), renamed)
    brought = unmerge(Merge.objects.get(distinct_id="bob"), door=Door.CONSOLE, actor=None)
    assert brought == bob
    assert bob.changes.filter(absorbed=None).count() == 2
    renamed.refresh_from_db()
    assert renamed.city == ""
