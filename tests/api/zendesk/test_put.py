"""PUT creates and replaces (contracts 5c)."""

import re
from typing import Any

import pytest

from profiles.models import Identifier, Profile, ProfileChange, PropertyDefinition, SourceType, Workspace
from profiles.operations import persons, source_types
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

from .conftest import RIDER, Ask

EMAIL = {"type": "email", "value": "jdoe@example.com"}
PHONE = {"type": "phone_number", "value": "+15550100"}


def test_it_creates_the_profile_of_the_seed(jdoe: dict[str, Any]) -> None:
    assert jdoe | {"id": "", "user_id": "", "created_at": "", "updated_at": ""} == {
        "id": "",
        "user_id": "",
        "source": "coolbikes",
        "type": "rider",
        "name": "Jane Doe",
        "attributes": {"favorite_color": "red", "saddle_height": "85cm"},
        "created_at": "",
        "updated_at": "",
        "identifiers": [EMAIL],
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", jdoe["created_at"])
    assert re.fullmatch(r"[0-9]+", jdoe["user_id"])
    profile = Profile.objects.get(pk=jdoe["id"])
    assert (profile.name, profile.email, profile.sources) == ("Jane Doe", "jdoe@example.com", ["zendesk"])


def test_it_replaces_and_what_is_left_out_is_lost(ask: Ask, jdoe: dict[str, Any]) -> None:
    status, answer = ask("PUT", "user_profiles", RIDER, {"attributes": {"saddle_height": "90cm"}})
    assert status == 200
    assert answer["profile"] | {"updated_at": ""} == jdoe | {
        "updated_at": "",
        "name": "jdoe@example.com",
        "attributes": {"saddle_height": "90cm"},
    }


def test_it_keeps_what_zendesk_has_no_word_for(ask: Ask, make_profile: Make) -> None:
    alice = make_profile("alice", first_name="Alice", country="GB", tags=["vip"], custom__plan="pro")
    status, _ = ask("PUT", f"user_profiles/{alice.pk}", profile={"identifiers": [EMAIL]})
    alice.refresh_from_db()
    assert (status, alice.country, alice.tags, alice.first_name) == (200, "GB", ["vip"], "Alice")
    assert (alice.custom, alice.email, alice.label) == ({}, "jdoe@example.com", "Alice")


def test_by_id_it_needs_identifiers_and_may_name_another_source(ask: Ask, jdoe: dict[str, Any]) -> None:
    path = f"user_profiles/{jdoe['id']}"
    assert ask("PUT", path, profile={"name": "Jane"})[0] == 400
    moved = {"name": "Jane", "source": "shop", "type": "buyer", "identifiers": [PHONE]}
    status, answer = ask("PUT", path, profile=moved)
    assert status == 200
    assert (answer["profile"]["source"], answer["profile"]["identifiers"]) == ("shop", [PHONE])
    assert (answer["profile"]["id"], answer["profile"]["created_at"]) == (jdoe["id"], jdoe["created_at"])
    assert ask("GET", "user_profiles", RIDER)[0] == 404
    profile = Profile.objects.get()
    assert (profile.email, profile.phone) == ("", "+15550100")


def test_the_identifier_of_the_query_is_one_of_the_profile(ask: Ask) -> None:
    status, answer = ask("PUT", "user_profiles", RIDER, {"identifiers": [PHONE]})
    assert (status, answer["profile"]["identifiers"]) == (201, [EMAIL, PHONE])


def test_identifiers_keep_their_order(ask: Ask) -> None:
    given = [{"type": kind, "value": "x1"} for kind in ("twitter", "loyalty", "external_id", "sdk")]
    _, answer = ask("PUT", "user_profiles", "coolbikes:rider:sdk:x1", {"identifiers": given})
    assert answer["profile"]["identifiers"] == given


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ([PHONE, EMAIL], "jdoe@example.com"),
        ([{"type": "external_id", "value": "7"}, PHONE], "User 7"),
        ([PHONE, {"type": "twitter", "value": "@J"}], "User +15550100"),
        ([{"type": "twitter", "value": "@J"}], "Twitter user @j"),
        ([{"type": "facebook", "value": "J"}], "Facebook user J"),
        ([{"type": "sdk", "value": "J"}], "SDK user J"),
        ([{"type": "loyalty", "value": "J"}, {"type": "card", "value": "K"}], "loyalty user J"),
    ],
)
def test_default_names(ask: Ask, given: list[dict[str, str]], name: str) -> None:
    query = f"coolbikes:rider:{given[0]['type']}:{given[0]['value']}"
    status, answer = ask("PUT", "user_profiles", query, {"identifiers": given})
    assert (status, answer["profile"]["name"]) == (201, name)


REFUSED: dict[str, tuple[str, Any]] = {
    "no query": ("", {"name": "x"}),
    "source and type only": ("coolbikes:rider", {}),
    "an empty part": ("coolbikes::email:x", {}),
    "reserved source": ("zendesk:rider:email:x@example.com", {}),
    "long source": (f"{'s' * 41}:rider:email:x@example.com", {}),
    "long type": (f"coolbikes:{'t' * 41}:email:x@example.com", {}),
    "long identifier type": (f"coolbikes:rider:{'k' * 61}:x", {}),
    "long identifier value": (f"coolbikes:rider:sdk:{'v' * 61}", {}),
    "another source than the query": (RIDER, {"source": "other"}),
    "profile is no object": (RIDER, []),
    "identifiers are no array": (RIDER, {"identifiers": {"type": "email", "value": "x"}}),
    "no identifiers": (RIDER, {"identifiers": []}),
    "identifier without a value": (RIDER, {"identifiers": [{"type": "email"}]}),
    "identifier of true": (RIDER, {"identifiers": [{"type": "email", "value": True}]}),
    "same identifier twice": (
        RIDER,
        {"identifiers": [EMAIL, {"type": "email", "value": "JDoe@example.com"}]},
    ),
    "21 identifiers": (RIDER, {"identifiers": [{"type": "sdk", "value": str(n)} for n in range(20)]}),
    "name of a list": (RIDER, {"name": ["x"]}),
    "attributes of text": (RIDER, {"attributes": "x"}),
    "unstorable attribute": (RIDER, {"attributes": {"a": "x", "b": "\0"}}),
    "unfit attribute": (RIDER, {"attributes": {"a": "x", "seats": "many"}}),
    "long attribute": (RIDER, {"attributes": {"a": "x" * 10_001}}),
    "long attribute key": (RIDER, {"attributes": {"a" * 121: "x"}}),
}


@pytest.mark.parametrize(("query", "profile"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_writes_nothing(ask: Ask, acme: Workspace, query: str, profile: Any) -> None:
    PropertyDefinition.objects.create(workspace=acme, key="seats", label="Seats", type="integer", position=99)
    acme.schema_has_changed()
    known = PropertyDefinition.objects.count()
    status, answer = ask("PUT", "user_profiles", query, profile)
    assert status == 400
    (error,) = answer["errors"]
    assert error["code"] == "ClientError"
    assert error["id"]
    assert error["title"]
    assert not Profile.objects.exists()
    assert not Identifier.objects.exists()
    assert not SourceType.objects.exists()
    assert PropertyDefinition.objects.count() == known


def test_limits_themselves_are_within_limits(ask: Ask) -> None:
    query = f"{'s' * 40}:{'t' * 40}:{'k' * 60}:{'v' * 60}"
    given = [{"type": "sdk", "value": str(n)} for n in range(19)]
    status, answer = ask("PUT", "user_profiles", query, {"identifiers": given})
    assert (status, len(answer["profile"]["identifiers"])) == (201, 20)


@pytest.mark.parametrize(
    ("limit", "most", "query"),
    [("MOST_SOURCES", 1, "shop:rider:sdk:2"), ("MOST_TYPES", 1, "coolbikes:fan:sdk:2")],
)
def test_sources_and_types_are_limited(
    ask: Ask, jdoe: dict[str, Any], monkeypatch: pytest.MonkeyPatch, limit: str, most: int, query: str
) -> None:
    monkeypatch.setattr(source_types, limit, most)
    status, answer = ask("PUT", "user_profiles", query, {})
    assert status == 400
    assert "A workspace has at most 1 profile" in answer["errors"][0]["title"]
    assert ask("PUT", "user_profiles", "coolbikes:rider:sdk:2", {})[0] == 201


def test_identifiers_of_two_profiles_in_one_body_are_refused(ask: Ask, jdoe: dict[str, Any]) -> None:
    ask("PUT", "user_profiles", "coolbikes:rider:sdk:9", {"name": "Nine"})
    for query in ("coolbikes:rider:sdk:9", "coolbikes:rider:sdk:10"):
        body = {"identifiers": [{"type": "sdk", "value": query[-1]}, EMAIL]}
        status, answer = ask("PUT", "user_profiles", query, body)
        assert status == 400
        assert "belongs to another" in answer["errors"][0]["title"]
    assert ask("GET", "user_profiles", "coolbikes:rider:sdk:9")[1]["profile"]["name"] == "Nine"


def test_an_identifier_that_was_taken_away_is_free_again(ask: Ask, jdoe: dict[str, Any]) -> None:
    ask("PUT", f"user_profiles/{jdoe['id']}", profile={"identifiers": [PHONE]})
    status, answer = ask("PUT", "user_profiles", RIDER, {})
    assert status == 201
    assert answer["profile"]["id"] != jdoe["id"]


def test_what_a_get_says_can_be_put_again(ask: Ask) -> None:
    attributes = {"seats": 30, "rate": 1.5, "vip": True, "likes": ["a", "b"], "scores": [1, 2.5]}
    attributes |= {"joined": "2018-02-03", "seen": "2018-02-03T10:00:00Z", "address": {"city": "Rome"}}
    _, first = ask("PUT", "user_profiles", RIDER, {"attributes": attributes})
    assert first["profile"]["attributes"] == attributes | {
        "seats": "30",
        "rate": "1.5",
        "scores": ["1", "2.5"],
        "address": '{"city":"Rome"}',
        "seen": "2018-02-03T10:00:00+00:00",
    }
    changes = ProfileChange.objects.count()
    assert ask("PUT", "user_profiles", RIDER, first["profile"]) == (200, first)
    assert ProfileChange.objects.count() == changes


def test_history_names_the_door_and_the_key(ask: Ask, jdoe: dict[str, Any]) -> None:
    change = ProfileChange.objects.get()
    assert (change.door, change.actor.split(" ")[0]) == ("zendesk", "Shop")


def test_a_user_has_only_so_many_profiles(
    ask: Ask, jdoe: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persons, "MOST_OF_A_PERSON", 1)
    status, answer = ask("PUT", "user_profiles", "shop:buyer:email:jdoe@example.com", {})
    assert (status, answer["errors"][0]["title"]) == (400, "A user has at most 1 profiles.")


def test_a_workspace_may_take_no_attributes_that_it_does_not_know(ask: Ask, acme: Workspace) -> None:
    Workspace.objects.filter(pk=acme.pk).update(unknown_keys="refuse")
    status, answer = ask("PUT", "user_profiles", RIDER, {"attributes": {"new": "x"}})
    assert status == 400
    assert "There is no property “new”" in answer["errors"][0]["title"]
    assert not Profile.objects.exists()


def test_long_identifiers_that_were_imported_stay(ask: Ask, acme: Workspace) -> None:
    long = NewIdentifier("v" * 200, "card", "coolbikes", "rider")
    (outcome,) = write_profiles(
        acme, [ProfileRow("bob", identifiers=[long])], mode="create", source="import", actor=None
    )
    path = f"user_profiles/{outcome.id}"
    _, answer = ask("GET", path)
    assert ask("PUT", path, profile=answer["profile"])[0] == 200
    assert ask("PATCH", path, profile=answer["profile"])[0] == 200


def test_numbers_are_identifiers_too(ask: Ask) -> None:
    """The reference of the vendor has a phone number that is none."""
    given = {"identifiers": [{"type": "phone_number", "value": 15550100}]}
    _, answer = ask("PUT", "user_profiles", "coolbikes:rider:external_id:7", given)
    assert answer["profile"]["identifiers"][1] == {"type": "phone_number", "value": "15550100"}


def test_what_is_no_email_is_an_identifier_all_the_same(ask: Ask) -> None:
    status, answer = ask("PUT", "user_profiles", "coolbikes:rider:email:Nobody", {})
    assert (status, answer["profile"]["identifiers"]) == (201, [{"type": "email", "value": "nobody"}])
    assert Profile.objects.get().email == ""


def test_a_phone_number_with_spaces_is_the_profile_s_phone_and_goes_with_its_identifier(ask: Ask) -> None:
    spaced = {"identifiers": [{"type": "phone_number", "value": "+1 (555) 0100"}]}
    _, answer = ask("PUT", "user_profiles", RIDER, spaced)
    assert answer["profile"]["identifiers"][1]["value"] == "+1 (555) 0100"
    assert Profile.objects.get().phone == "+15550100"
    ask("PUT", "user_profiles", RIDER, {})
    assert Profile.objects.get().phone == ""
