"""Profiles made elsewhere, under the workspace's slug and `user` (contracts 8.6); those of several pairs."""

from typing import Any
from uuid import UUID

import pytest

from profiles.models import Profile, Workspace
from profiles.operations.merging import merge_profiles
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

from .conftest import RIDER, Ask

ALICE = [
    {"type": "external_id", "value": "alice"},
    {"type": "email", "value": "alice@example.com"},
    {"type": "phone_number", "value": "+4915112345678"},
]


@pytest.mark.parametrize(
    "query",
    [
        "acme:user:external_id:alice",
        "acme:user:email:ALICE@example.com",
        "acme:user:phone_number:+4915112345678",
        "acme:user:phone_number:+49 151 123-45678",
    ],
)
def test_it_is_reachable_by_each_of_its_identifiers(ask: Ask, alice: Profile, query: str) -> None:
    for target in (("user_profiles", query), (f"user_profiles/{alice.pk}", "")):
        status, answer = ask("GET", *target)
        profile = answer["profile"]
        assert (status, profile["id"], profile["user_id"]) == (200, str(alice.pk), str(alice.person_number))
        assert (profile["source"], profile["type"], profile["name"]) == ("acme", "user", "Alice Liddell")
        assert (profile["identifiers"], profile["attributes"]) == (ALICE, {"plan": "pro"})


def test_it_can_be_patched_replaced_and_deleted(ask: Ask, alice: Profile) -> None:
    query = "acme:user:email:alice@example.com"
    assert ask("PATCH", "user_profiles", query, {"attributes": {"plan": "free"}})[0] == 200
    status, answer = ask("PUT", "user_profiles", query, {"name": "Ally"})
    assert (status, answer["profile"]["id"]) == (200, str(alice.pk))
    assert (answer["profile"]["name"], answer["profile"]["attributes"]) == ("Ally", {})
    assert answer["profile"]["identifiers"] == ALICE[:2]
    alice.refresh_from_db()
    assert (alice.distinct_id, alice.email, alice.phone) == ("alice", "alice@example.com", "")
    assert ask("DELETE", "user_profiles", "acme:user:external_id:alice")[0] == 204


def test_a_new_one_has_its_external_id_for_distinct_id(ask: Ask) -> None:
    body = {"identifiers": [{"type": "email", "value": "bob@example.com"}, {"type": "card", "value": "7"}]}
    status, answer = ask("PUT", "user_profiles", "acme:user:external_id:bob", body)
    bob = Profile.objects.get()
    assert (status, bob.distinct_id, bob.email) == (201, "bob", "bob@example.com")
    assert [each["type"] for each in answer["profile"]["identifiers"]] == ["external_id", "email", "card"]
    for kind, value in (("email", "bob@example.com"), ("card", "7"), ("external_id", "bob")):
        assert ask("GET", "user_profiles", f"acme:user:{kind}:{value}") == (200, answer)


def test_its_longer_identifiers_are_found_and_kept(ask: Ask, make_profile: Make) -> None:
    email = f"{'a' * 64}@example.com"
    make_profile("x" * 200, email=email)
    _, answer = ask("GET", "user_profiles", f"acme:user:email:{email}")
    assert ask("PUT", "user_profiles", f"acme:user:email:{email}", answer["profile"])[0] == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"acme:user:external_id:{'x' * 1024}", 201),
        (f"acme:user:external_id:{'x' * 1025}", 400),
        (f"acme:user:{'k' * 61}:x", 400),
    ],
)
def test_how_long_a_new_one_s_identifiers_may_be(ask: Ask, query: str, status: int) -> None:
    found, answer = ask("PUT", "user_profiles", query, {})
    assert found == status
    assert status == 400 or len(answer["profile"]["name"]) == 255


def test_an_email_of_several_people_finds_none_of_them(ask: Ask, make_profile: Make) -> None:
    for name in ("ana", "bob"):
        make_profile(name, email="both@example.com")
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        status, answer = ask(method, "user_profiles", "acme:user:email:both@example.com", {"name": "Both"})
        assert (status, "Several profiles" in answer["errors"][0]["title"]) == (400, True)
    assert Profile.objects.filter(name="").count() == 2


def test_a_native_profile_is_another_one_than_that_of_an_application(ask: Ask, jdoe: dict[str, Any]) -> None:
    status, answer = ask("PUT", "user_profiles", "acme:user:email:jdoe@example.com", {"name": "Jane"})
    assert status == 201
    assert answer["profile"]["id"] != jdoe["id"]
    assert answer["profile"]["user_id"] == jdoe["user_id"]
    assert ask("GET", "user_profiles", RIDER) == (200, {"profile": jdoe})
    distinct_id = Profile.objects.get(pk=jdoe["id"]).distinct_id
    assert ask("GET", "user_profiles", f"acme:user:external_id:{distinct_id}")[0] == 200


@pytest.fixture
def twofold(acme: Workspace, alice: Profile) -> Profile:
    """Alice, of whom an import has brought names of two sources."""
    names = [("coolbikes", "rider", "email", "a@bikes.example"), ("shop", "buyer", "loyalty", "7")]
    for source, kind_of_profile, kind, value in names:
        row = ProfileRow("alice", identifiers=[NewIdentifier(value, kind, source, kind_of_profile)])
        write_profiles(acme, [row], mode="update", source="import", actor=None)
    return alice


@pytest.mark.parametrize(
    ("query", "source", "values"),
    [
        ("coolbikes:rider:email:a@bikes.example", "coolbikes", ["a@bikes.example"]),
        ("shop:buyer:loyalty:7", "shop", ["7"]),
        ("acme:user:external_id:alice", "acme", [each["value"] for each in ALICE]),
        ("acme:user:email:alice@example.com", "acme", [each["value"] for each in ALICE]),
        ("", "coolbikes", ["a@bikes.example"]),
    ],
)
def test_a_profile_of_several_pairs_shows_the_one_that_is_asked_for(
    ask: Ask, twofold: Profile, query: str, source: str, values: list[str]
) -> None:
    """By its id, that of its oldest identifier."""
    path = "user_profiles" if query else f"user_profiles/{twofold.pk}"
    _, answer = ask("GET", path, query)
    profile = answer["profile"]
    assert (profile["id"], profile["source"]) == (str(twofold.pk), source)
    assert [each["value"] for each in profile["identifiers"]] == values


def test_a_replacement_leaves_identifiers_of_other_pairs_alone(ask: Ask, twofold: Profile) -> None:
    body = {"identifiers": [{"type": "loyalty", "value": "8"}]}
    assert ask("PUT", f"user_profiles/{twofold.pk}", profile=body)[0] == 200
    assert ask("GET", "user_profiles", "coolbikes:rider:email:a@bikes.example")[0] == 404
    assert ask("GET", "user_profiles", "coolbikes:rider:loyalty:8")[0] == 200
    assert ask("GET", "user_profiles", "shop:buyer:loyalty:7")[0] == 200
    twofold.refresh_from_db()
    assert twofold.email == "alice@example.com"


def test_a_profile_that_was_merged_is_found_by_all_it_was_called(
    ask: Ask, acme: Workspace, alice: Profile, jdoe: dict[str, Any]
) -> None:
    merge_profiles(acme, absorbed=UUID(jdoe["id"]), survivor=alice.pk, door="console", actor=None)
    for path, query in (("user_profiles", RIDER), (f"user_profiles/{jdoe['id']}", "")):
        status, answer = ask("GET", path, query)
        assert (status, answer["profile"]["id"], answer["profile"]["source"]) == (
            200,
            str(alice.pk),
            "coolbikes",
        )
    _, answer = ask("PATCH", f"user_profiles/{jdoe['id']}", profile={"attributes": {"saddle_height": "87cm"}})
    assert answer["profile"]["attributes"]["plan"] == "pro"
    assert ask("GET", "user_profiles", "acme:user:external_id:alice")[0] == 200


def test_who_was_absorbed_is_the_same_person_for_a_new_profile(
    ask: Ask, acme: Workspace, alice: Profile, make_profile: Make
) -> None:
    bob = make_profile("bob")
    merge_profiles(acme, absorbed=bob.pk, survivor=alice.pk, door="console", actor=None)
    native = ask("GET", "user_profiles", "acme:user:external_id:bob")[1]["profile"]
    body = {"name": "Bob", "identifiers": [{"type": "external_id", "value": "bob"}]}
    status, answer = ask("PUT", "user_profiles", "crm:user:external_id:bob", body)
    assert status == 201
    assert answer["profile"]["user_id"] == native["user_id"]
