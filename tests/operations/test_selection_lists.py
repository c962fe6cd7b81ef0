"""Lists of IDs find exactly the profiles that they name."""

import io
from pathlib import Path
from typing import Any

import pytest

from profiles.errors import Refused
from profiles.imports.id_lists import ids_in
from profiles.models import Door, Operator, Profile, Selection, SelectionMember, StoredFile, Workspace
from profiles.operations import bulk
from profiles.operations.selection_lists import select_list
from profiles.operations.selections import in_words, selected
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make


@pytest.fixture
def people(make_profile: Make, globex: Workspace) -> dict[str, Profile]:
    make_profile("ann", environment="test")
    make_profile("ann", workspace=globex)
    return {name: make_profile(name) for name in ("ann", "bob", "cid")}


def listed(acme: Workspace, editor: Operator, *ids: str, environment: str = "live") -> Selection:
    return select_list(acme, ids, operator=editor, environment=environment)


def names_in(selection: Selection) -> list[str]:
    return sorted(selected(selection).values_list("distinct_id", flat=True))


def test_it_finds_who_is_on_it_and_says_who_is_not(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    ids = ("bob", "nobody", "ann", "bob", "a\0b", "nobody", "x" * 2_000, "back\\slash\t")
    found = listed(acme, editor, *ids)
    assert names_in(found) == ["ann", "bob"]
    assert found.listed == {
        "environment": "live",
        "given": 8,
        "repeated": 2,
        "found": 2,
        "unknown": 4,
        "first_unknown": ["nobody", "a\ufffdb", "x" * 2_000, "back\\slash\t"],
    }
    assert set(selected(found)) == {people["ann"], people["bob"]}
    assert in_words(found) == "A list of 8 distinct IDs"


def test_a_list_of_one_is_said_so(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> None:
    assert in_words(listed(acme, editor, "ann")) == "A list of 1 distinct ID"


def test_live_and_test_are_told_apart(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> None:
    found = listed(acme, editor, "ann", "bob", environment="test")
    assert [(profile.distinct_id, profile.environment) for profile in selected(found)] == [("ann", "test")]


def test_an_absorbed_id_finds_its_profile_once(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    row = ProfileRow("bob", identifiers=[NewIdentifier("old-bob"), NewIdentifier("older-bob")])
    write_profiles(acme, [row], mode="update", source=Door.CONSOLE, actor=None)
    found = listed(acme, editor, "old-bob", "bob", "older-bob", "nobody")
    assert names_in(found) == ["bob"]
    assert (found.listed["found"], found.listed["unknown"]) == (1, 1)


def test_every_deed_works_on_it_more_than_once(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    found = listed(acme, editor, "ann", "bob")
    deeds = {"tag": {"tags": "vip"}, "set": {"path": "city", "value": "Bonn"}, "disable": {}}
    for verb, given in deeds.items():
        assert bulk.start(found, verb, given, actor=editor, agreed=2).updated == 2
    assert bulk.start(found, "delete", {}, actor=editor, agreed=2).erased == 2
    assert names_in(found) == []
    left = Profile.objects.filter(workspace=acme).values_list("distinct_id", "environment")
    assert set(left) == {("ann", "test"), ("cid", "live")}
    assert SelectionMember.objects.filter(selection=found).count() == 2


def test_many_unknown_ones_are_kept_as_a_file(
    acme: Workspace, editor: Operator, people: dict[str, Profile], settings: Any, tmp_path: Path
) -> None:
    settings.FILES_DIR = str(tmp_path)
    given = ["=1+1", *(f"no, “{number}”" for number in range(59))]
    found = listed(acme, editor, "ann", *given)
    stored = StoredFile.objects.get()
    assert (found.unknown_file, len(found.listed["first_unknown"])) == (stored, 50)
    content = stored.path.read_bytes()
    assert content.decode().splitlines()[:2] == ["'=1+1", '"no, “0”"']
    assert stored.size == len(content)
    assert list(ids_in(io.BytesIO(content), is_table=True)) == given


def test_a_list_without_an_id_is_refused(acme: Workspace, editor: Operator) -> None:
    with pytest.raises(Refused, match="There is no ID in this list"):
        listed(acme, editor)
    assert not Selection.objects.exists()
