"""Channels added and deleted, a case for each documented line (contracts 1b)."""

from typing import Any

import pytest

from profiles.models import Profile, ProfileChange
from tests.conftest import Make

from .conftest import Ask, error, ok

MODIFIED = (200, ok("Channel has been modified successfully"))
NOBODY = (400, error("incorrect/non existing distinct_id provided"))
NO_CHANNEL = (400, error("Unable to delete channel since the channel does not exist"))
P1 = {"token": "p1", "status": 1}
P2 = {"token": "p2", "integration_id": "IN1", "status": 0}


@pytest.fixture
def asha(make_profile: Make) -> Profile:
    return make_profile(
        "U1",
        email="asha@example.com",
        channel__sms="+919879123456",
        channel__slack="C1",
        channel__push=[P1, P2],
    )


def channels_of(profile: Profile) -> dict[str, Any]:
    profile.refresh_from_db()
    return profile.channels | ({"email": profile.email} if profile.email else {})


ALL = {"sms": "+919879123456", "slack": "C1", "push": [P1, P2], "email": "asha@example.com"}


@pytest.mark.parametrize(
    ("channel", "changed"),
    [
        ({"sms": "+14155552671"}, {"sms": "+14155552671"}),
        ({"whatsapp": "+14155552671", "voice": "14155552671"},
         {"whatsapp": "+14155552671", "voice": "+14155552671"}),
        ({"email": "new@example.com"}, {"email": "new@example.com"}),
        ({"slack": "U2", "discord": "asha#1", "teams": "Sales"},
         {"slack": "U2", "discord": "asha#1", "teams": "Sales"}),
        ({"push": [{"token": "p3", "status": None}]}, {"push": [P1, P2, {"token": "p3", "status": 1}]}),
        ({"push": {"token": "p3", "status": 0}}, {"push": [P1, P2, {"token": "p3", "status": 0}]}),
        ({"push": [{"token": "p1", "integration_id": "IN2", "status": 0}]},
         {"push": [{"token": "p1", "integration_id": "IN2", "status": 0}, P2]}),
        ({"inapp": [{"token": "i1"}], "webpush": [{"token": "w1"}]},
         {"inapp": [{"token": "i1", "status": 1}], "webpush": [{"token": "w1", "status": 1}]}),
        ({"push": [], "inapp": None}, {}),
    ],
)  # fmt: skip
def test_one_destination_is_overwritten_and_tokens_are_added(
    fyno: Ask, asha: Profile, channel: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert fyno("PATCH", "profiles/U1/channel", {"channel": channel}) == MODIFIED
    assert channels_of(asha) == ALL | changed


def test_null_clears_a_channel_of_one_destination(fyno: Ask, asha: Profile) -> None:
    assert fyno("PATCH", "profiles/U1/channel", {"channel": {"sms": None, "email": None}}) == MODIFIED
    assert channels_of(asha) == {"slack": "C1", "push": [P1, P2]}


UNFIT = [
    ({}, "channel is required: an object of at least one channel."),
    ({"channel": None}, "channel is required"),
    ({"channel": {}}, "channel is required"),
    ({"channel": ["sms"]}, "channel has to be an object."),
    ({"channel": {"fax": "1"}}, "channel.fax is not allowed: the channels are sms, whatsapp,"),
    ({"channel": {"slack": "C2", "sms": "12"}}, "SMS must be a phone number with its country code"),
    ({"channel": {"slack": "C2", "push": [{"token": ""}]}}, "Push must be tokens of 1 to 4,096"),
    ({"channel": {"slack": "C2", "push": [{"token": f"t{n}"} for n in range(99)]}},
     "Push may have at most 100 elements"),
]  # fmt: skip


def test_adding_refuses_whole_what_does_not_fit(fyno: Ask, asha: Profile) -> None:
    for body, sentence in UNFIT:
        code, answer = fyno("PATCH", "profiles/U1/channel", body)
        assert (code, answer["status"]) == (400, "error")
        assert answer["_message"].startswith(sentence)
    assert channels_of(asha) == ALL


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ({"channel": ["sms"]}, ["slack", "push", "email"]),
        ({"channel": ["email", "push", "slack"]}, ["sms"]),
        ({"channel": ["sms", "teams"]}, ["slack", "push", "email"]),
        ({"push": ["p1", "p2"]}, ["sms", "slack", "email"]),
    ],
)
def test_whole_channels_are_deleted(fyno: Ask, asha: Profile, body: object, left: list[str]) -> None:
    assert fyno("POST", "profiles/U1/channel/delete", body) == MODIFIED
    assert channels_of(asha) == {channel: ALL[channel] for channel in left}


def test_single_tokens_are_deleted(fyno: Ask, asha: Profile) -> None:
    assert fyno("POST", "profiles/U1/channel/delete", {"push": ["p1", "unknown"]}) == MODIFIED
    assert channels_of(asha)["push"] == [P2]


def test_what_is_not_there_cannot_be_deleted(fyno: Ask, asha: Profile) -> None:
    for body in (
        {"channel": ["teams"]},
        {"channel": ["fax"]},
        {"push": ["unknown"]},
        {"inapp": ["p1"], "webpush": ["x"]},
    ):
        assert fyno("POST", "profiles/U1/channel/delete", body) == NO_CHANNEL
    assert channels_of(asha) == ALL


NEITHER_OR_BOTH = [
    *(
        {},
        [],
        {"channel": []},
        {"channel": "sms"},
        {"channel": {"sms": 1}},
        {"channel": [None]},
        {"push": "p1"},
    ),
    *({"push": []}, {"channel": ["sms"], "push": ["p1"]}, {"channel": None, "inapp": ["i1"]}),
]


def test_either_channels_or_tokens_are_named(fyno: Ask, asha: Profile) -> None:
    for body in NEITHER_OR_BOTH:
        code, answer = fyno("POST", "profiles/U1/channel/delete", body)
        assert (code, answer["status"]) == (400, "error")
    assert channels_of(asha) == ALL


def test_nobody_has_no_channels(fyno: Ask) -> None:
    assert fyno("PATCH", "profiles/U1/channel", {"channel": {"sms": "+14155552671"}}) == NOBODY
    assert fyno("POST", "profiles/U1/channel/delete", {"channel": ["sms"]}) == NOBODY
    assert not Profile.objects.exists()


def test_history_names_the_door(fyno: Ask, asha: Profile) -> None:
    fyno("PATCH", "profiles/U1/channel/", {"channel": {"push": [{"token": "p3"}]}})
    change = ProfileChange.objects.filter(profile=asha).latest("id")
    assert (change.door, list(change.new)) == ("fyno", ["channel.push"])
