"""Users: profiles with an equal standard identifier are one user's (contracts 5a and 8.6)."""

from typing import Any

import pytest

from profiles.models import Profile
from tests.conftest import Make

from .conftest import RIDER, Ask

SHOP = "shop:buyer:email:jdoe@example.com"


def user_of(answer: tuple[int, Any]) -> str:
    assert answer[0] in (200, 201), answer
    return str(answer[1]["profile"]["user_id"])


@pytest.mark.parametrize("kind", ["email", "external_id", "phone_number", "twitter", "facebook", "sdk"])
def test_an_equal_standard_identifier_makes_one_user_across_sources(ask: Ask, kind: str) -> None:
    value = "jdoe@example.com" if kind == "email" else "+15550100"
    first = ask("PUT", "user_profiles", f"coolbikes:rider:{kind}:{value}", {})
    second = ask("PUT", "user_profiles", f"shop:buyer:{kind}:{value}", {})
    assert user_of(first) == user_of(second)
    assert first[1]["profile"]["id"] != second[1]["profile"]["id"]
    status, answer = ask("GET", f"users/{user_of(first)}/profiles")
    assert (status, answer) == (200, {"profiles": [first[1]["profile"], second[1]["profile"]]})


def test_other_identifiers_do_not(ask: Ask) -> None:
    first = ask("PUT", "user_profiles", "coolbikes:rider:loyalty:7", {})
    assert user_of(first) != user_of(ask("PUT", "user_profiles", "shop:buyer:loyalty:7", {}))


def test_profiles_made_elsewhere_have_users_too(ask: Ask, make_profile: Make) -> None:
    alice = make_profile("alice", email="Alice@example.com", phone="+4915112345678")
    for query in (
        "shop:buyer:email:alice@example.com",
        "coolbikes:rider:phone_number:+49 151 12345678",
        "moon:walker:external_id:alice",
    ):
        assert user_of(ask("PUT", "user_profiles", query, {})) == str(alice.person_number)
    _, answer = ask("GET", f"users/{alice.person_number}/profiles")
    assert [each["source"] for each in answer["profiles"]] == ["acme", "shop", "coolbikes", "moon"]


def test_identifiers_of_two_users_are_refused(ask: Ask, jdoe: dict[str, Any]) -> None:
    ask("PUT", "user_profiles", "shop:buyer:sdk:9", {})
    two = {"identifiers": [{"type": "sdk", "value": "9"}, {"type": "email", "value": "jdoe@example.com"}]}
    status, answer = ask("PUT", "user_profiles", "moon:walker:sdk:9", two)
    assert (status, answer["errors"][0]["title"]) == (400, "The identifiers belong to different users.")
    status, answer = ask("PATCH", "user_profiles", "shop:buyer:sdk:9", two)
    assert status == 400
    assert answer["errors"][0]["title"] == "The email “jdoe@example.com” belongs to another user."
    assert Profile.objects.count() == 2


def test_a_name_that_two_people_share_does_not_stand_in_the_way(ask: Ask, make_profile: Make) -> None:
    make_profile("ana", phone="+4915112345678", email="ana@example.com")
    bob = make_profile("bob", phone="+4915112345678", email="bob@example.com")
    both = [
        {"type": "phone_number", "value": "+4915112345678"},
        {"type": "email", "value": "bob@example.com"},
    ]
    answer = ask("PUT", "user_profiles", "shop:buyer:email:bob@example.com", {"identifiers": both})
    assert user_of(answer) == str(bob.person_number)


def test_a_profile_is_put_under_its_user(ask: Ask, jdoe: dict[str, Any]) -> None:
    path = f"users/{jdoe['user_id']}/profiles"
    made = ask("PUT", path, "shop:buyer:loyalty:7", {"name": "Jane"})
    assert (made[0], user_of(made)) == (201, jdoe["user_id"])
    again = ask("PUT", path, "shop:buyer:loyalty:7", {"name": "Jane Doe"})
    assert (again[0], again[1]["profile"]["id"]) == (200, made[1]["profile"]["id"])
    assert len(ask("GET", path)[1]["profiles"]) == 2


def test_a_user_may_have_been_numbered_by_zendesk(ask: Ask) -> None:
    """An application that comes from Zendesk knows its users by numbers that are new here."""
    assert user_of(ask("PUT", "users/81123613/profiles", RIDER, {})) == "81123613"
    assert user_of(ask("PUT", "user_profiles", SHOP, {})) == "81123613"
    in_the_body = {"user_id": 81123614}
    assert user_of(ask("PUT", "user_profiles", "shop:buyer:loyalty:7", in_the_body)) == "81123614"


def test_another_user_s_identifiers_and_profiles_are_refused(ask: Ask, jdoe: dict[str, Any]) -> None:
    for query in (RIDER, SHOP):
        status, answer = ask("PUT", "users/81123613/profiles", query, {})
        assert (status, answer["errors"][0]["code"]) == (400, "ClientError")
        assert ask("PUT", "user_profiles", query, {"user_id": "81123613"})[0] == 400
    assert ask("GET", "users/81123613/profiles") == (200, {"profiles": []})


@pytest.mark.parametrize("user", ["x", "0", "-1", "1.5", "٣", "9" * 19, "9" * 5000])
def test_what_is_no_user_is_said_in_the_other_shape(ask: Ask, user: str) -> None:
    wrong = {"error": {"title": "Invalid attribute", "message": "user_id has to be the number of a user."}}
    assert ask("GET", f"users/{user}/profiles") == (400, wrong)
    assert ask("PUT", f"users/{user}/profiles", RIDER, {}) == (400, wrong)
    assert ask("PUT", "user_profiles", RIDER, {"user_id": user}) == (400, wrong)
    assert not Profile.objects.exists()


def test_users_take_two_queries(ask: Ask, make_profile: Make, django_assert_max_num_queries: Any) -> None:
    user = make_profile("alice", email="alice@example.com").person_number
    for number in range(5):
        ask("PUT", "user_profiles", f"s{number}:t:email:alice@example.com", {})
    with django_assert_max_num_queries(4):
        assert len(ask("GET", f"users/{user}/profiles")[1]["profiles"]) == 6
