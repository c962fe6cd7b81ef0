"""From names to profiles."""

import pytest
from pytest_django import DjangoAssertNumQueries

from profiles.models import Environment, Profile, Workspace
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from profiles.queries.names import find_by_any_name, find_by_identifier, find_profile, find_profiles
from tests.conftest import Make

pytestmark = pytest.mark.django_db

LIVE, TEST = Environment.LIVE, Environment.TEST


@pytest.fixture
def names(alice: Profile) -> None:
    """Alice was "alicia" once, and is known by an e-mail of Segment's."""
    former = NewIdentifier("alicia")
    mail = NewIdentifier("a@example.com", kind="email", source="segment", type="user")
    row = ProfileRow("alice", identifiers=[former, mail])
    write_profiles(alice.workspace, [row], mode="update", source="import", actor=None)


@pytest.mark.usefixtures("names")
def test_a_distinct_id_is_found_by_one_query_and_an_absorbed_one_by_two(
    acme: Workspace, alice: Profile, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = find_profile(acme, LIVE, "alice")
        assert found == alice
        assert found.workspace.slug == "acme"
    with django_assert_num_queries(2):
        assert find_profile(acme, LIVE, "alicia") == alice


@pytest.mark.usefixtures("names")
def test_many_are_found_by_three_queries_at_most(
    acme: Workspace, alice: Profile, make_profile: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bob = make_profile("bob")
    with django_assert_num_queries(1):
        assert find_profiles(acme, LIVE, ["alice", "bob"]) == {"alice": alice, "bob": bob}
    with django_assert_num_queries(3):
        assert find_profiles(acme, LIVE, ["alicia", "bob", "nobody"]) == {"alicia": alice, "bob": bob}
    with django_assert_num_queries(0):
        assert find_profiles(acme, LIVE, []) == {}


@pytest.mark.usefixtures("names")
def test_nothing_crosses_workspaces_or_environments(globex: Workspace, acme: Workspace) -> None:
    for workspace, environment in ((globex, LIVE), (acme, TEST)):
        assert find_profiles(workspace, environment, ["alice", "alicia"]) == {}
        assert find_profile(workspace, environment, "alicia") is None
        assert find_by_any_name(workspace, "alicia", environment) is None


@pytest.mark.usefixtures("names")
def test_an_identifier_is_found_by_all_its_parts(acme: Workspace, alice: Profile) -> None:
    whole = {"kind": "email", "value": "a@example.com", "source": "segment", "type": "user"}
    assert find_by_identifier(acme, LIVE, **whole) == alice
    for part in whole:
        assert find_by_identifier(acme, LIVE, **{**whole, part: "other"}) is None
        assert find_by_identifier(acme, LIVE, **{**whole, part: "nul\0"}) is None


@pytest.mark.usefixtures("names")
def test_a_profile_of_its_own_comes_before_who_was_called_so_once(
    acme: Workspace, make_profile: Make
) -> None:
    other = make_profile("a@example.com")
    assert find_by_any_name(acme, "a@example.com") == other


@pytest.mark.parametrize("name", ["", "nul\0", "x" * 1025, "nobody", "half \ud800"])
def test_impossible_names_find_nobody(acme: Workspace, alice: Profile, name: str) -> None:
    assert find_by_any_name(acme, name) is None
    assert find_profile(acme, LIVE, name) is None
    assert find_profiles(acme, LIVE, [name, "alice"]) == {"alice": alice}
    assert find_by_identifier(acme, LIVE, kind="email", value=name) is None
