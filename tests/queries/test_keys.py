"""A key, and in the same query the profile that the request is about."""

import pytest

from profiles.models import ApiKey, Environment, Profile, Scope, Workspace
from profiles.operations.keys import create_key
from profiles.queries.keys import Wanted, key_of_id
from tests.conftest import Make


def key_in(workspace: Workspace, environment: str = Environment.LIVE) -> ApiKey:
    key, _ = create_key(
        workspace, name="App", scopes=[Scope.READ], actor=None, environment=environment, expires_at=None
    )
    return key


def test_a_key_is_found_with_its_workspace_and_nobody_finds_another(acme: Workspace) -> None:
    key = key_in(acme)
    found, nobody = key_of_id(key.key_id)
    assert found == key
    assert found.workspace == acme
    assert nobody is None
    assert key_of_id("a" * 12) == (None, None)


def test_from_the_second_time_on_the_profile_comes_along(acme: Workspace, alice: Profile) -> None:
    key = key_in(acme)
    assert key_of_id(key.key_id, Wanted("alice")) == (key, None)
    for _ in range(7):  # PostgreSQL plans anew for the first five.
        found, record = key_of_id(key.key_id, Wanted("alice"))
        assert found == key
        assert record
        assert (record.id, record.distinct_id, record.environment) == (alice.pk, "alice", "live")


@pytest.mark.parametrize("wanted", [Wanted("bob"), Wanted("alice", "test"), Wanted("elsewhere")])
def test_who_is_not_there_or_not_of_the_workspace_does_not(
    acme: Workspace, globex: Workspace, alice: Profile, make_profile: Make, wanted: Wanted
) -> None:
    make_profile("elsewhere", workspace=globex)
    key = key_in(acme)
    for _ in range(2):
        assert key_of_id(key.key_id, wanted) == (key, None)


def test_without_an_environment_it_is_that_of_the_key(
    acme: Workspace, alice: Profile, make_profile: Make
) -> None:
    tested = make_profile("alice", environment="test")
    key = key_in(acme, Environment.TEST)
    key_of_id(key.key_id)
    _, record = key_of_id(key.key_id, Wanted("alice"))
    assert record
    assert record.id == tested.pk


def test_a_key_that_is_gone_finds_nobody(acme: Workspace, alice: Profile) -> None:
    key = key_in(acme)
    key_of_id(key.key_id)
    key.delete()
    assert key_of_id(key.key_id, Wanted("alice")) == (None, None)


def test_a_key_and_its_workspace_are_always_as_they_are_stored(acme: Workspace) -> None:
    key = key_in(acme)
    for _ in range(2):
        found, _ = key_of_id(key.key_id)
        assert found
        found.name, found.workspace.name = "changed by a request", "and not stored"
    again, _ = key_of_id(key.key_id)
    assert again
    assert (again.name, again.workspace.name) == ("App", acme.name)
    ApiKey.objects.filter(pk=key.pk).update(name="Renamed")
    Workspace.objects.filter(pk=acme.pk).update(schema_version=99)
    found, _ = key_of_id(key.key_id)
    assert found
    assert (found.name, found.workspace.schema_version) == ("Renamed", 99)
    found.name = "Stored"
    found.save()
    assert ApiKey.objects.get().name == "Stored"
