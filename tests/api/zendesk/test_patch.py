"""PATCH changes some of a profile (seed 004, contracts 5c)."""

from typing import Any

import pytest

from profiles.models import Profile, ProfileChange
from tests.conftest import Make

from .conftest import RIDER, Ask

EMAIL = {"type": "email", "value": "jdoe@example.com"}
PHONE = {"type": "phone_number", "value": "+15550100"}
FAR = {"source": "moon", "type": "walker", "user_id": "1", "id": "x", "created_at": "2001-01-01T00:00:00Z"}

# What is sent, and what it changes in the answer.
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the seed's": (
        {"name": "Jane Roe", "attributes": {"saddle_height": "87cm"}},
        {"name": "Jane Roe", "attributes": {"favorite_color": "red", "saddle_height": "87cm"}},
    ),
    "the seed's attributes": (
        {"attributes": {"comm_pref": "email", "joined": "2018"}},
        {
            "attributes": {
                "favorite_color": "red",
                "saddle_height": "85cm",
                "comm_pref": "email",
                "joined": "2018",
            }
        },
    ),
    "null deletes a key": (
        {"attributes": {"favorite_color": None, "never": None}},
        {"attributes": {"saddle_height": "85cm"}},
    ),
    "numbers become strings": (
        {"attributes": {"age": 30, "favorite_color": 7}},
        {"attributes": {"favorite_color": "7", "saddle_height": "85cm", "age": "30"}},
    ),
    "source, type and user_id are ignored": (FAR, {}),
    "an identifier is added": ({"identifiers": [PHONE]}, {"identifiers": [EMAIL, PHONE]}),
    "a changed value is added too": (
        {"identifiers": [EMAIL | {"value": "Jane@example.com"}]},
        {"identifiers": [EMAIL, EMAIL | {"value": "jane@example.com"}]},
    ),
    "one that is there already": ({"identifiers": [EMAIL]}, {}),
    "nothing": ({}, {}),
    "no name any more": ({"name": None}, {"name": "jdoe@example.com"}),
}


@pytest.mark.parametrize("way", ["id", "identifier"])
@pytest.mark.parametrize(("sent", "changed"), CHANGES.values(), ids=CHANGES)
def test_what_changes(
    ask: Ask, jdoe: dict[str, Any], way: str, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    target = ("user_profiles", RIDER) if way == "identifier" else (f"user_profiles/{jdoe['id']}", "")
    status, answer = ask("PATCH", *target, sent)
    assert status == 200
    assert answer["profile"] | {"updated_at": ""} == jdoe | {"updated_at": ""} | changed
    assert ask("GET", *target) == (200, answer)


REFUSED: dict[str, Any] = {
    "no profile": {},
    "profile is null": {"profile": None},
    "a list": [],
    "attributes of a list": {"profile": {"attributes": []}},
    "identifiers of text": {"profile": {"identifiers": "email"}},
    "long identifier": {"profile": {"identifiers": [{"type": "sdk", "value": "v" * 61}]}},
    "same identifier twice": {"profile": {"identifiers": [PHONE, PHONE]}},
    "too many identifiers": {
        "profile": {"identifiers": [{"type": "sdk", "value": str(n)} for n in range(20)]}
    },
    "one value of two does not fit": {"profile": {"attributes": {"favorite_color": "blue", "no": "\0"}}},
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_changes_nothing(ask: Ask, jdoe: dict[str, Any], body: Any) -> None:
    for path, query in (("user_profiles", RIDER), (f"user_profiles/{jdoe['id']}", "")):
        status, answer = ask("PATCH", path, query, body=body)
        assert (status, answer["errors"][0]["code"]) == (400, "ClientError")
    assert ask("GET", "user_profiles", RIDER) == (200, {"profile": jdoe})
    assert ProfileChange.objects.count() == 1


def test_an_unknown_profile_is_not_found(ask: Ask) -> None:
    status, answer = ask("PATCH", "user_profiles", RIDER, {"name": "Jane"})
    assert (status, answer["errors"][0]["code"]) == (404, "NotFound")
    assert not Profile.objects.exists()


def test_an_identifier_of_another_profile_is_refused(ask: Ask, jdoe: dict[str, Any]) -> None:
    ask("PUT", "user_profiles", "coolbikes:rider:sdk:9", {})
    status, _ = ask("PATCH", "user_profiles", "coolbikes:rider:sdk:9", {"identifiers": [EMAIL]})
    assert status == 400


def test_a_new_identifier_becomes_the_email_or_phone_where_there_is_none(
    ask: Ask, jdoe: dict[str, Any]
) -> None:
    ask("PATCH", "user_profiles", RIDER, {"identifiers": [PHONE, EMAIL | {"value": "other@example.com"}]})
    profile = Profile.objects.get()
    assert (profile.email, profile.phone) == ("jdoe@example.com", "+15550100")


def test_of_a_profile_made_elsewhere_too(ask: Ask, make_profile: Make) -> None:
    alice = make_profile("alice", email="alice@example.com")
    added = {"identifiers": [{"type": "email", "value": "a2@example.com"}, PHONE]}
    _, answer = ask("PATCH", "user_profiles", "acme:user:external_id:alice", added)
    assert [each["value"] for each in answer["profile"]["identifiers"]] == [
        "alice",
        "alice@example.com",
        "+15550100",
        "a2@example.com",
    ]
    alice.refresh_from_db()
    assert (alice.email, alice.phone) == ("alice@example.com", "+15550100")
    assert ask("GET", "user_profiles", "acme:user:email:a2@example.com") == (200, answer)
