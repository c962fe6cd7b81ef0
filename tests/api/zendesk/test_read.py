"""GET by id and by identifier query (contracts 5b and 5c)."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from profiles.models import Workspace
from tests.api.conftest import MakeKey
from tests.conftest import Make

from .conftest import RIDER, Ask, basic


def test_by_id_and_by_identifier_it_is_the_same(ask: Ask, jdoe: dict[str, Any]) -> None:
    assert ask("GET", f"user_profiles/{jdoe['id']}") == (200, {"profile": jdoe})
    assert ask("GET", "user_profiles", RIDER) == (200, {"profile": jdoe})
    assert ask("GET", "user_profiles/", RIDER) == (200, {"profile": jdoe})
    assert ask("GET", f"user_profiles/{jdoe['id']}/") == (200, {"profile": jdoe})


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("coolbikes:rider:email:JDoe@Example.com", 200),
        ("coolbikes:rider:email:nobody@example.com", 404),
        ("coolbikes:fan:email:jdoe@example.com", 404),
        ("other:rider:email:jdoe@example.com", 404),
        ("coolbikes:rider:sdk:jdoe@example.com", 404),
        ("zendesk:rider:email:jdoe@example.com", 404),
        ("coolbikes:rider", 400),
        ("coolbikes:rider:email", 400),
        ("coolbikes:rider:email:", 400),
        (":::", 400),
        ("", 400),
        ("coolbikes:rider:email:a\0b", 400),
        (f"coolbikes:rider:email:{'x' * 2000}", 400),
    ],
)
def test_identifier_queries(ask: Ask, jdoe: dict[str, Any], query: str, status: int) -> None:
    found, answer = ask("GET", "user_profiles", query)
    assert found == status
    if status != 200:
        assert answer["errors"][0]["code"] == {400: "ClientError", 404: "NotFound"}[status]


def test_the_value_may_contain_colons(ask: Ask) -> None:
    query = "coolbikes:rider:urn:a:b:c"
    _, made = ask("PUT", "user_profiles", query, {})
    assert made["profile"]["identifiers"] == [{"type": "urn", "value": "a:b:c"}]
    assert ask("GET", "user_profiles", query) == (200, made)


@pytest.mark.parametrize("plus", ["+", "%2B"])
def test_a_phone_number_is_found_with_its_plus_encoded_or_not(
    api: Client, ask: Ask, make_key: MakeKey, plus: str
) -> None:
    ask("PUT", "user_profiles", "coolbikes:rider:phone_number:+15550100", {})
    address = f"/api/v2/user_profiles?identifier=coolbikes:rider:phone_number:{plus}15550100"
    assert api.get(address, headers={"Authorization": basic(make_key()[1])}).status_code == 200


def test_twitter_names_are_found_in_any_case(ask: Ask) -> None:
    _, made = ask("PUT", "user_profiles", "coolbikes:rider:twitter:JDoe", {})
    assert made["profile"]["identifiers"] == [{"type": "twitter", "value": "jdoe"}]
    assert ask("GET", "user_profiles", "coolbikes:rider:twitter:JDOE") == (200, made)


def test_other_identifiers_only_in_their_own_case(ask: Ask) -> None:
    ask("PUT", "user_profiles", "coolbikes:rider:external_id:Ab", {})
    assert ask("GET", "user_profiles", "coolbikes:rider:external_id:ab")[0] == 404


@pytest.mark.parametrize(
    "key", ["01E06HXMJ8RJ6C0MR142D6FBSA", "00000000-0000-8000-8000-000000000001", "x", "é"]
)
def test_an_unknown_id_is_not_found(ask: Ask, jdoe: dict[str, Any], key: str) -> None:
    for method in ("GET", "DELETE"):
        status, answer = ask(method, f"user_profiles/{quote(key)}")
        assert (status, answer["errors"][0]["code"]) == (404, "NotFound")
    for method in ("PUT", "PATCH"):
        body = {"identifiers": [{"type": "email", "value": "jdoe@example.com"}]}
        assert ask(method, f"user_profiles/{quote(key)}", profile=body)[0] == 404


def test_nothing_crosses_workspaces_or_environments(
    ask: Ask, jdoe: dict[str, Any], globex: Workspace, make_key: MakeKey
) -> None:
    for _, secret in (make_key(workspace=globex), make_key(environment="test")):
        for path, query in ((f"user_profiles/{jdoe['id']}", ""), ("user_profiles", RIDER)):
            assert ask("GET", path, query, secret=secret)[0] == 404
            assert ask("DELETE", path, query, secret=secret)[0] == 404
        assert ask("GET", f"users/{jdoe['user_id']}/profiles", secret=secret) == (200, {"profiles": []})


def test_reads_take_two_queries(ask: Ask, jdoe: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    for path, query in ((f"user_profiles/{jdoe['id']}", ""), ("user_profiles", RIDER)):
        # Another one is about the key, and one about the schema: outside of a test it is kept.
        with django_assert_max_num_queries(4):
            assert ask("GET", path, query)[0] == 200


def test_archived_properties_are_not_said(ask: Ask, make_profile: Make, acme: Workspace) -> None:
    alice = make_profile("alice", custom__plan="pro", custom__seats=5)
    acme.property_definitions.create(kind="custom", key="plan", label="Plan", archived_at=alice.created_at)
    acme.schema_has_changed()
    _, answer = ask("GET", f"user_profiles/{alice.pk}")
    assert answer["profile"]["attributes"] == {"seats": "5"}
