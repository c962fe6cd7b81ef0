"""Create, a case for each documented line (contracts 1b)."""

from typing import Any

import pytest

from profiles.models import ErasedId, Profile, ProfileChange, Workspace, profile_id

from .conftest import ASHA, Ask, error, ok

CREATED = (201, ok("Profile created successfully"))


def test_create_stores_every_key(fyno: Ask) -> None:
    assert fyno("POST", "profiles", ASHA) == CREATED
    asha = Profile.objects.get()
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
    assert Profile.objects.get().status == "active"


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
