"""Who may be the same person, and who absorbed whom."""

import pytest
from pytest_django import DjangoAssertNumQueries

from profiles.models import Door, Profile, Workspace
from profiles.operations.merging import merge_profiles
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from profiles.queries.merges import heir_of, likely_duplicates, search_others
from tests.conftest import Make

pytestmark = pytest.mark.django_db


def test_the_most_alike_come_first(
    alice: Profile,
    make_profile: Make,
    globex: Workspace,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_profile("same-name", name="ALICE Liddell")
    make_profile("same-mail", email="Alice@Example.com", name="alice liddell")
    make_profile("same-phone", phone="+4915112345678")
    mail = NewIdentifier("alice@example.com", kind="email", source="crm")
    row = ProfileRow("known-as", identifiers=[mail])
    write_profiles(alice.workspace, [row], mode="create", source="api", actor=None)
    make_profile("longer", name="Alice Liddell-Hargreaves")
    make_profile("tester", email="alice@example.com", environment="test")
    make_profile("stranger", email="alice@example.com", workspace=globex)
    with django_assert_max_num_queries(5):
        found = {each.profile.distinct_id: each.shared for each in likely_duplicates(alice)}
    assert found == {
        "same-mail": ["e-mail", "name"],
        "same-name": ["name"],
        "same-phone": ["phone"],
        "known-as": ["identifier"],
    }
    assert next(iter(found)) == "same-mail"


def test_whoever_has_nothing_is_like_nobody(make_profile: Make) -> None:
    make_profile("one")
    assert likely_duplicates(make_profile("two")) == []


def test_a_search_finds_the_newest_others(alice: Profile, make_profile: Make) -> None:
    bobs = [make_profile(f"bob-{number}") for number in range(4)]
    assert search_others(alice, "bob", size=3) == (bobs[:0:-1], True)
    assert search_others(alice, "bob", size=4) == (bobs[::-1], False)


def test_an_heir_is_of_the_same_workspace(alice: Profile, make_profile: Make, globex: Workspace) -> None:
    bob = make_profile("bob")
    merge_profiles(alice.workspace, absorbed=bob.pk, survivor=alice.pk, door=Door.API, actor=None)
    assert heir_of(alice.workspace, bob.pk) == alice
    assert heir_of(globex, bob.pk) is None
    assert heir_of(alice.workspace, alice.pk) is None
