"""Create, get, update and delete, a case for each documented line (contracts 1b)."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from profiles.models import ErasedId, Profile, ProfileChange, Workspace, profile_id
from tests.api.conftest import MakeKey
from tests.conftest import Make

from .conftest import Ask, error, ok

CREATED = (201, ok("Profile created successfully"))
UPDATED = (200, ok("1 Record(s) updated successfully"))
ASHA = {
    "distinct_id": "U1",
    "name": "Asha Rao",
    "status": 1,
    "timezone": "Asia/Kolkata",
    "channel": {
        "sms": "+919879123456",
        "whatsapp": "+91 98791 23456",
        "voice": "+44 20 7183 8750",
        "email": "asha@example.com",
        "slack": "C012AB3CD",
        "discord": "asha#1",
        "teams": "Support",
        "push": [{"token": "onesignal_player_id:p1", "integration_id": "IN1", "status": 0}, {"token": "p2"}],
        "inapp": [{"token": "i1", "status": None}],
        "webpush": [{"token": "w1"}],
    },
}


def stored(distinct_id: str = "U1", **of: Any) -> Profile:
    return Profile.objects.get(distinct_id=distinct_id, **of)


def test_create_stores_every_key(fyno: Ask) -> None:
    assert fyno("POST", "profiles", ASHA) == CREATED
    asha = stored()
    assert (asha.name, asha.status, asha.timezone, asha.email) == (
        "Asha Rao",
        "active",
        "Asia/Kolkata",
        "asha@example.com",
    )
    assert asha.channels == {
        "sms": "+919879123456",
        "whatsapp": "+919879123456",
        "voice": "+442071838750",
        "slack": "C012AB3CD",
        "discord": "asha#1",
        "teams": "Support",
        "push": [
            {"token": "onesignal_player_id:p1", "integration_id": "IN1", "status": 0},
            {"token": "p2", "status": 1},
        ],
        "inapp": [{"token": "i1", "status": 1}],
        "webpush": [{"token": "w1", "status": 1}],
    }
    change = ProfileChange.objects.get(profile=asha)
    assert change.door == "fyno"
    assert change.actor.startswith("Fyno (")


def test_a_distinct_id_is_enough_and_the_path_may_end_with_a_slash(fyno: Ask) -> None:
    """As Fyno's client library writes it."""
    assert fyno("POST", "profiles/", {"distinct_id": "U1"}) == CREATED
    assert stored().status == "active"


def test_a_distinct_id_exists_once_per_version(fyno: Ask) -> None:
    for version in ("live", "test"):
        assert fyno("POST", "profiles", {"distinct_id": "U1"}, version=version) == CREATED
        assert fyno("POST", "profiles", {"distinct_id": "U1"}, version=version) == (
            400,
            error(f"Distinct ID 'U1' already exists in the '{version}' version of your workspace"),
        )
    assert sorted(Profile.objects.values_list("environment", flat=True)) == ["live", "test"]


@pytest.mark.parametrize(
    ("given", "column", "value"),
    [
        ({"status": None}, "status", "active"),
        ({"status": 0}, "status", "disabled"),
        ({"status": False}, "status", "disabled"),
        ({"status": "Disabled"}, "status", "disabled"),
        ({"name": None, "timezone": None, "channel": None}, "name", ""),
        ({"distinct_id": 17}, "distinct_id", "17"),
        ({"timezone": "asia/kolkata"}, "timezone", "Asia/Kolkata"),
        ({"channel": {"sms": "919879123456"}}, "channels", {"sms": "+919879123456"}),
        ({"channel": {"sms": "1 415 555 2671"}}, "channels", {"sms": "+14155552671"}),
        ({"channel": {"sms": "004915112345678"}}, "channels", {"sms": "+4915112345678"}),
        ({"channel": {"push": "p1", "inapp": {"token": "i1"}}}, "channels", {
            "push": [{"token": "p1", "status": 1}], "inapp": [{"token": "i1", "status": 1}]}),
        ({"properties": {"plan": "pro"}}, "custom", {"plan": "pro"}),
        ({"country_code": "IN", "id_list": [], "profile_id": "x", "version": "test"}, "country", ""),
    ],
)  # fmt: skip
def test_create_reads(fyno: Ask, given: dict[str, Any], column: str, value: object) -> None:
    assert fyno("POST", "profiles", {"distinct_id": "U1"} | given) == CREATED
    assert getattr(Profile.objects.get(), column) == value


REFUSED = [
    ([], "The body has to be a JSON object."),
    ({}, "distinct_id is required."),
    ({"name": "Asha Rao"}, "distinct_id is required."),
    ({"distinct_id": None}, "distinct_id is required."),
    ({"distinct_id": " "}, "distinct_id is required."),
    ({"distinct_id": ["U1"]}, "Distinct ID must be text"),
    ({"distinct_id": "U\n1"}, "Distinct ID"),
    ({"distinct_id": "U" * 1025}, "Distinct ID may have at most 1024 characters"),
    ({"distinct_id": "U1", "name": "Al"}, "Name must have at least 3 characters"),
    ({"distinct_id": "U1", "name": {}}, "Name must be text"),
    ({"distinct_id": "U1", "timezone": "Mars/Olympus"}, "Time zone must be a time zone of the IANA list"),
    ({"distinct_id": "U1", "status": 2}, "Status must be active or disabled"),
    ({"distinct_id": "U1", "status": []}, "Status must be"),
    ({"distinct_id": "U1", "plan": "pro"}, "plan is not allowed: the keys of a profile are distinct_id,"),
    ({"distinct_id": "U1", "channel": "sms"}, "channel has to be an object."),
    ({"distinct_id": "U1", "properties": []}, "properties has to be an object."),
    ({"distinct_id": "U1", "properties": {"": 1}}, "A property needs a key."),
    ({"distinct_id": "U1", "channel": {"fax": "1"}}, "channel.fax is not allowed: the channels are sms,"),
    ({"distinct_id": "U1", "channel": {"sms": "9879123456"}}, "SMS must be a phone number"),
    ({"distinct_id": "U1", "channel": {"sms": 4.5}}, "SMS must be a phone number"),
    ({"distinct_id": "U1", "channel": {"email": "asha"}}, "E-mail must be an e-mail address"),
    ({"distinct_id": "U1", "channel": {"push": [{"status": 1}]}}, "Push must be"),
    ({"distinct_id": "U1", "channel": {"push": [{"token": "p", "status": 2}]}}, "Push must have a"),
    ({"distinct_id": "U1", "channel": {"push": [{"token": "p", "device": "x"}]}}, "Push must be a"),
]  # fmt: skip


def test_create_refuses_whole_what_does_not_fit(fyno: Ask, acme: Workspace) -> None:
    for body, sentence in REFUSED:
        code, answer = fyno("POST", "profiles", body)
        assert (code, answer["status"]) == (400, "error"), body
        assert answer["_message"].startswith(sentence)
    assert not Profile.objects.exists()
    assert not acme.property_definitions.filter(kind="custom").exists()


def test_properties_of_a_refused_profile_are_not_registered(fyno: Ask, acme: Workspace) -> None:
    fyno("POST", "profiles", {"distinct_id": "U1", "name": "Al", "properties": {"plan": "pro"}})
    assert not acme.property_definitions.filter(kind="custom").exists()


def test_a_distinct_id_that_was_refused_for_good_says_so(fyno: Ask, acme: Workspace) -> None:
    ErasedId.objects.create(pk=profile_id(acme, "live", "U1"), workspace=acme, at="2026-01-01T00:00Z")
    code, answer = fyno("POST", "profiles", {"distinct_id": "U1"})
    assert code == 400
    assert "deleted for good" in answer["_message"]


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
    assert list(found["channel"]) == list(ASHA["channel"])  # type: ignore[call-overload]


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


def test_a_wrong_key_or_workspace_is_told_no_more(api: Client, acme: Workspace, make_key: MakeKey) -> None:
    _, secret = make_key()
    for path, authorization in (
        ("acme/live", "Bearer nonsense"),
        ("acme/live", ""),
        ("acme/live", "Basic " + secret),
        ("globex/live", "Bearer " + secret),
    ):
        answer = api.get(f"/v1/{path}/profiles/U1", headers={"Authorization": authorization})
        assert (answer.status_code, answer.json()) == (401, error("Invalid API details"))


@pytest.mark.parametrize("workspace", ["acme", "acme------"])
def test_hyphens_may_fill_up_a_short_workspace_id(
    api: Client, make_key: MakeKey, alice: Profile, workspace: str
) -> None:
    """Fyno's client library takes IDs of 10 to 20 characters only."""
    _, secret = make_key()
    answer = api.get(f"/v1/{workspace}/live/profiles/alice", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["distinct_id"] == "alice"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "profiles", 405),
        ("POST", "profiles/U1", 405),
        ("DELETE", "profiles/U1", 405),
        ("GET", "profiles/delete", 405),
        ("GET", "subscriptions/preference", 404),
        ("GET", "", 404),
    ],
)
def test_what_is_not_there_is_said_in_fynos_shape(fyno: Ask, method: str, path: str, code: int) -> None:
    found, answer = fyno(method, path)
    assert (found, answer["status"], set(answer)) == (code, "error", {"status", "_message"})


def test_a_workspace_that_cannot_be_is_told_so_in_fynos_shape(api: Client, db: None) -> None:
    answer = api.get("/v1/Ünknown/live/profiles/U1")
    assert (answer.status_code, answer.json()) == (404, error("There is no such endpoint."))


@pytest.mark.parametrize("version", ["LIVE", "prod", "1"])
def test_there_is_only_live_and_test(fyno: Ask, alice: Profile, version: str) -> None:
    assert fyno("GET", "profiles/alice", version=version) == (404, error("There is only live and test."))
