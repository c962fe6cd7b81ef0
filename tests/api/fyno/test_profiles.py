"""Get, update and delete, a case for each documented line (contracts 1b)."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from profiles.models import Profile, ProfileChange, Workspace
from tests.conftest import Make

from .conftest import ASHA, Ask, error, ok

UPDATED = (200, ok("1 Record(s) updated successfully"))


def stored(distinct_id: str = "U1", **of: Any) -> Profile:
    return Profile.objects.get(distinct_id=distinct_id, **of)


def test_get_shows_every_documented_key(fyno: Ask) -> None:
    fyno("POST", "profiles", ASHA)
    fyno("POST", "profiles/properties/set", {"distinct_id": "U1", "$set": {"plan": "pro", "seats": 3}})
    code, found = fyno("GET", "profiles/U1")
    asha = stored()
    assert code == 200
    for key in ("created_at", "updated_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found.pop(key))
    raw = {**asha.channels, "email": "asha@example.com"}
    assert found == {
        "distinct_id": "U1",
        "name": "Asha Rao",
        "status": 1,
        "timezone": "Asia/Kolkata",
        "timezone_offset": "+05:30",
        "country_code": "IN",
        "channel": raw
        | {"sms": "+91 98791 23456", "whatsapp": "+91 98791 23456", "voice": "+44 20 7183 8750"},
        "channel_raw": raw,
        "properties": {"plan": "pro", "seats": 3},
        "id_list": [],
        "profile_id": str(asha.pk),
        "version": "live",
    }
    assert list(found["channel"]) == list(ASHA["channel"])


def test_get_has_every_key_of_a_profile_with_nothing_set(fyno: Ask, make_profile: Make) -> None:
    make_profile("U1", first_name="Asha", last_name="Rao", status="disabled", country="DE")
    _, found = fyno("GET", "profiles/U1")
    assert (found["name"], found["status"], found["country_code"]) == ("Asha Rao", 0, "DE")
    assert (found["timezone"], found["timezone_offset"], found["channel"]) == (None, None, {})


def test_a_number_outside_every_numbering_plan_is_shown_as_it_is(fyno: Ask, make_profile: Make) -> None:
    make_profile("U1", channel__sms="+999123456789")
    _, found = fyno("GET", "profiles/U1")
    assert (found["channel"]["sms"], found["country_code"]) == ("+999123456789", None)


@pytest.mark.parametrize("name", ["https://example.com/u/1", "a b", "ü@example.com", "100%", "U1/"])
def test_a_distinct_id_may_have_any_letters(fyno: Ask, name: str) -> None:
    """Slashes too: a web server decodes them, and Fyno's client library does not encode them."""
    fyno("POST", "profiles", {"distinct_id": name})
    assert fyno("PUT", f"profiles/{quote(name)}/", {"name": "Asha"}) == UPDATED
    assert fyno("PATCH", f"profiles/{quote(name)}/channel", {"channel": {"teams": "T"}})[0] == 200
    _, found = fyno("GET", f"profiles/{quote(name, safe='')}/")
    assert (found["distinct_id"], found["name"], found["channel"]) == (name, "Asha", {"teams": "T"})


@pytest.mark.parametrize("path", ["profiles/U2", "profiles/U2/", "profiles/%00", "profiles/" + "U" * 1100])
def test_get_of_nobody(fyno: Ask, path: str) -> None:
    assert fyno("GET", path) == (400, error("incorrect/non existing distinct_id provided"))


def test_get_keeps_to_its_version(fyno: Ask, make_profile: Make) -> None:
    make_profile("U1", environment="test")
    assert fyno("GET", "profiles/U1")[0] == 400
    assert fyno("GET", "profiles/U1", version="test")[1]["version"] == "test"


def test_put_replaces_the_keys_it_names_and_leaves_others(fyno: Ask) -> None:
    fyno("POST", "profiles", ASHA)
    assert fyno("PUT", "profiles/U1", {"name": "Asha R", "status": 0}) == UPDATED
    asha = stored()
    assert (asha.name, asha.status, asha.timezone, asha.channels["teams"]) == (
        "Asha R",
        "disabled",
        "Asia/Kolkata",
        "Support",
    )
    assert fyno("PUT", "profiles/U1", {"name": None, "timezone": None, "status": None}) == UPDATED
    asha = stored()
    assert (asha.name, asha.status, asha.timezone) == ("", "active", "")


@pytest.mark.parametrize(
    ("channel", "left"),
    [
        ({"slack": "C9", "push": [{"token": "p9"}]}, {"slack": "C9", "push": [{"token": "p9", "status": 1}]}),
        ({"email": "new@example.com"}, {"email": "new@example.com"}),
        ({}, {}),
        (None, {}),
    ],
)
def test_put_replaces_channel_as_a_whole(fyno: Ask, channel: object, left: dict[str, Any]) -> None:
    fyno("POST", "profiles", ASHA)
    assert fyno("PUT", "profiles/U1", {"channel": channel}) == UPDATED
    assert fyno("GET", "profiles/U1")[1]["channel_raw"] == left


def test_put_clears_no_channel_that_is_archived(fyno: Ask, acme: Workspace) -> None:
    fyno("POST", "profiles", ASHA)
    acme.property_definitions.filter(key="teams").update(archived_at="2026-01-01T00:00Z")
    acme.schema_has_changed()
    assert fyno("PUT", "profiles/U1", {"channel": {"slack": "C9"}}) == UPDATED
    assert stored().channels == {"slack": "C9", "teams": "Support"}


def test_put_takes_back_what_get_gave(fyno: Ask) -> None:
    fyno("POST", "profiles", ASHA | {"properties": {"plan": "pro"}})
    _, found = fyno("GET", "profiles/U1")
    assert fyno("PUT", "profiles/U1", found) == UPDATED
    assert fyno("GET", "profiles/U1")[1] == found
    assert ProfileChange.objects.count() == 1


def test_put_of_nobody(fyno: Ask) -> None:
    sentence = "Unable to update the record since the record does not exist"
    assert fyno("PUT", "profiles/U1", {"name": "Asha"}) == (400, error(sentence))
    assert not Profile.objects.exists()


def test_put_refuses_whole_what_does_not_fit(fyno: Ask) -> None:
    fyno("POST", "profiles", ASHA)
    code, answer = fyno("PUT", "profiles/U1", {"name": "New name", "timezone": "Nowhere"})
    assert (code, answer["status"], stored().name) == (400, "error", "Asha Rao")


def test_delete_says_how_many(fyno: Ask, make_profile: Make) -> None:
    for name in ("U1", "U2", "U3"):
        make_profile(name)
    assert fyno("POST", "profiles/delete", {"distinct_id": ["U1", "U2"]}) == (
        200,
        ok("2 User(s) deleted successfully"),
    )
    assert fyno("POST", "profiles/delete", {"distinct_id": ["U1", "U3", "U3"]}) == (
        200,
        ok("1 User(s) deleted successfully"),
    )
    assert not Profile.objects.exists()


def test_delete_of_nobody_and_in_the_other_version(fyno: Ask, make_profile: Make) -> None:
    make_profile("U1", environment="test")
    for ids in (["U1"], ["U2", "\0", "U" * 2000]):
        assert fyno("POST", "profiles/delete", {"distinct_id": ids}) == (
            400,
            error("Cannot delete non existing user"),
        )
    assert Profile.objects.count() == 1


NO_IDS = [
    *({}, [], {"distinct_id": []}, {"distinct_id": None}, {"distinct_id": "U1"}, {"distinct_id": [""]}),
    *({"distinct_id": [None]}, {"distinct_id": ["U1", {}]}, {"distinct_id": {"$ne": ""}}),
    {"distinct_id": ["U1"] * 1001},
]


def test_delete_without_ids_is_refused(fyno: Ask, alice: Profile, make_profile: Make) -> None:
    make_profile("U1")
    for body in NO_IDS:
        code, answer = fyno("POST", "profiles/delete", body)
        assert (code, answer["status"], Profile.objects.count()) == (400, "error", 2)
