"""DELETE by id and by identifier (contracts 5c and 8.6)."""

from typing import Any

import pytest

from profiles.models import DeletionReceipt, Identifier, Profile

from .conftest import RIDER, Ask


@pytest.mark.parametrize("way", ["id", "identifier"])
def test_it_is_gone_for_good(ask: Ask, jdoe: dict[str, Any], way: str) -> None:
    target = ("user_profiles", RIDER) if way == "identifier" else (f"user_profiles/{jdoe['id']}", "")
    assert ask("DELETE", *target) == (204, None)
    assert not Profile.objects.exists()
    assert not Identifier.objects.exists()
    receipt = DeletionReceipt.objects.get()
    assert (receipt.door, receipt.count, receipt.actor.split(" ")[0]) == ("zendesk", 1, "Shop")
    status, answer = ask("DELETE", *target)
    assert (status, answer["errors"][0]["code"]) == (404, "NotFound")
    assert ask("GET", *target)[0] == 404


def test_it_can_be_made_again_and_starts_empty(ask: Ask, jdoe: dict[str, Any]) -> None:
    ask("DELETE", "user_profiles", RIDER)
    status, answer = ask("PUT", "user_profiles", RIDER, {})
    assert (status, answer["profile"]["attributes"]) == (201, {})
    assert answer["profile"]["id"] != jdoe["id"]


def test_a_query_without_an_identifier_deletes_nobody(ask: Ask, jdoe: dict[str, Any]) -> None:
    for query in ("", "coolbikes", "coolbikes:rider", "coolbikes:rider:email:"):
        assert ask("DELETE", "user_profiles", query)[0] == 400
    assert Profile.objects.exists()
