"""POST /1/upload: what is taken, and what becomes of it (contracts 4a, 4b, 8.10, 8.11)."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, ProfileChange, PropertyType, Workspace
from profiles.operations.merging import merge_profiles
from tests.api.conftest import MakeKey
from tests.conftest import Make

from .conftest import Ask, jack, profile, with_data

JACK = {
    "Name": "Jack Montana",
    "Email": "jack@gmail.com",
    "Phone": "+14155551234",
    "Gender": "M",
    "Employed": "Y",
    "Education": "Graduate",
    "Married": "Y",
    "Age": 30,
    "DOB": "$D_643228200",
    "Photo": "https://example.com/jack.jpg",
    "Tz": "America/Denver",
    "MSG-sms": False,
    "MSG-email": True,
    "Customer Type": "Platinum",
    "Last order": "$D_1700000000",
}


def test_a_new_identity_makes_a_profile_of_what_is_known_and_of_what_is_not(
    ask: Ask, acme: Workspace
) -> None:
    assert ask("upload", {"d": [profile(profileData=JACK, ts=1_468_308_340)]}) == (
        200,
        {"status": "success", "processed": 1, "unprocessed": []},
    )
    assert jack(acme) == {
        "name": "Jack Montana",
        "email": "jack@gmail.com",
        "phone": "+14155551234",
        "gender": "male",
        "birthday": "1990-05-21",
        "avatar_url": "https://example.com/jack.jpg",
        "timezone": "America/Denver",
        "custom.Employed": "Y",
        "custom.Education": "Graduate",
        "custom.Married": "Y",
        "custom.Age": 30,
        "custom.MSG-sms": False,
        "custom.MSG-email": True,
        "custom.Customer Type": "Platinum",
        "custom.Last order": "2023-11-14T22:13:20+00:00",
    }


def test_a_known_identity_is_updated_and_the_history_names_the_door_and_the_key(
    ask: Ask, acme: Workspace, alice: Profile
) -> None:
    ask("upload", {"d": [profile("alice", profileData={"Name": "Alice L.", "Phone": None})]})
    alice.refresh_from_db()
    assert (alice.name, alice.phone, alice.email) == ("Alice L.", "", "alice@example.com")
    change = ProfileChange.objects.latest("pk")
    assert (change.door, change.actor[:6]) == ("clevertap", "Shop (")


# Before, what is sent, after.
OPERATORS: list[tuple[Any, Any, Any]] = [
    (None, {"$add": ["a", "b"]}, ["a", "b"]),
    (["a"], {"$add": ["b", "a", "c"]}, ["a", "b", "c"]),
    (["a"], {"$add": "b"}, ["a", "b"]),
    ([str(n) for n in range(100)], {"$add": ["x"]}, [*[str(n) for n in range(1, 100)], "x"]),
    (["a", "b"], {"$remove": ["a", "z"]}, ["b"]),
    (["a"], {"$remove": "a"}, None),
    (None, {"$remove": "a"}, None),
    (["a"], {"$set": ["b"]}, ["b"]),
    (["a"], ["b", "b"], ["b"]),
    (["a"], [str(n) for n in range(101)], [str(n) for n in range(1, 101)]),
    (["a"], {"$delete": 1}, None),
    (["a"], None, None),
    (None, {"$delete": 1}, None),
    (["a"], {"$add": ["b"], "$remove": ["a"]}, ["b"]),
    (None, {"$incr": 2}, 2),
    (5, {"$incr": 2}, 7),
    (5, {"$decr": 1.5}, 3.5),
    (5, {"$set": 1}, 1),
]


def test_operators(ask: Ask, acme: Workspace) -> None:
    before, sent = ({f"k{n}": case[part] for n, case in enumerate(OPERATORS)} for part in (0, 1))
    _, said = ask("upload", {"d": [with_data(**before), with_data(**sent)]})
    assert said == {"status": "success", "processed": 2, "unprocessed": []}
    found = jack(acme)
    assert [found.get(f"custom.k{n}") for n in range(len(OPERATORS))] == [after for _, _, after in OPERATORS]


def test_an_operator_that_cannot_be_taken_is_left_out(ask: Ask, acme: Workspace) -> None:
    unfit = [{"$add": [{}]}, {"$incr": "1"}, {"$decr": True}, {"$push": 1}, {"$add": 1}, {"$set": {"a": 1}}]
    _, said = ask("upload", {"d": [with_data(it="text"), *(with_data(it=data) for data in unfit)]})
    assert [each["code"] for each in said["unprocessed"]] == [521] * len(unfit)
    assert (said["processed"], jack(acme)) == (len(unfit) + 1, {"custom.it": "text"})


def test_records_of_the_same_person_count_in_their_order(ask: Ask, acme: Workspace) -> None:
    ask("upload", {"d": [with_data(n=1), with_data(n={"$incr": 1}), with_data(n={"$incr": 5}, m=1)]})
    assert jack(acme) == {"custom.n": 7, "custom.m": 1}


def test_an_object_id_is_the_profiles_id_with_dashes_or_without(ask: Ask, alice: Profile) -> None:
    for given in (str(alice.pk), alice.pk.hex, alice.pk.hex.upper()):
        record = {"type": "profile", "objectId": given, "profileData": {"City": given[:9]}}
        assert ask("upload", {"d": [record]})[1]["status"] == "success"
        alice.refresh_from_db()
        assert alice.city == given[:9]


def test_an_identity_that_was_absorbed_means_who_absorbed_it(
    ask: Ask, acme: Workspace, make_profile: Make
) -> None:
    old, new = make_profile("old"), make_profile("jack")
    merge_profiles(acme, absorbed=old.pk, survivor=new.pk, door="console", actor=None)
    records = [profile("old", profileData={"n": {"$incr": 1}}), with_data(n={"$incr": 1})]
    assert ask("upload", {"d": records})[1]["processed"] == 2
    assert jack(acme) == {"custom.n": 2}


def test_ids_of_networks_are_identifiers(ask: Ask, acme: Workspace) -> None:
    ask("upload", {"d": [profile(FBID=34322423, GPID="g-1")]})
    ask("upload", {"d": [{"type": "profile", "FBID": "34322423", "profileData": {"seen": 1}}]})
    ask("upload", {"d": [{"type": "profile", "GPID": "g-1", "profileData": {"also": 2}}]})
    assert jack(acme) == {"custom.seen": 1, "custom.also": 2}
    _, said = ask("upload", {"d": [profile("eve", FBID="34322423")]})
    assert "belongs to another profile" in said["unprocessed"][0]["error"]


TOKENS: list[tuple[Any, int]] = [
    (None, 531),
    ({"type": "fcm"}, 532),
    ({"id": "t-1"}, 533),
    ({"id": "t-1", "type": "chrome"}, 534),
    ({"id": {"a": 1}, "type": "fcm"}, 531),
]


def test_a_token_is_a_push_token(ask: Ask, alice: Profile) -> None:
    sound = [({"id": "t-1", "type": "fcm"}, 0), ({"id": "t-2", "type": "apns", "keys": {}}, 0)]
    records = [
        {"type": "token", "objectId": alice.pk.hex, "tokenData": data} for data, _ in [*sound, *TOKENS]
    ]
    _, said = ask("upload", {"d": records})
    assert [each["code"] for each in said["unprocessed"]] == [code for _, code in TOKENS]
    alice.refresh_from_db()
    assert alice.channels == {"push": [{"token": "t-1", "status": 1}, {"token": "t-2", "status": 1}]}


def test_a_token_of_an_unknown_device_is_skipped(ask: Ask) -> None:
    record = {"type": "token", "objectId": "0" * 32, "tokenData": {"id": "t", "type": "fcm"}}
    assert ask("upload", {"d": [record]})[1]["unprocessed"][0]["code"] == 530


def test_a_dry_run_says_what_would_be_and_writes_nothing(ask: Ask, acme: Workspace) -> None:
    body = {"d": [profile(profileData=JACK), with_data(Age="x"), with_data(Age=31, new={"$incr": 1})]}
    dry = ask("upload?dryRun=1", body)
    assert not Profile.objects.exists()
    assert not acme.property_definitions.filter(kind="custom").exists()
    assert ask("upload?dryRun=0", body) == dry
    assert jack(acme)["custom.new"] == 1


def test_new_keys_take_the_type_of_their_first_value(ask: Ask, acme: Workspace) -> None:
    ask("upload", {"d": [with_data(code="007", price=1, vip=True, pets=["cat"], day="$D_1700000000")]})
    types = dict(acme.property_definitions.filter(kind="custom").values_list("key", "type"))
    assert types == {
        "code": PropertyType.TEXT,
        "price": PropertyType.NUMBER,
        "vip": PropertyType.BOOLEAN,
        "pets": PropertyType.TEXT_LIST,
        "day": PropertyType.DATETIME,
    }


def test_a_key_of_the_test_environment_writes_test_profiles(
    api: Client, acme: Workspace, make_key: MakeKey
) -> None:
    _, secret = make_key(environment="test")
    headers = {"X-CleverTap-Account-Id": "acme", "X-CleverTap-Passcode": secret}
    api.post("/1/upload/", {"d": [profile()]}, content_type="text/plain", headers=headers)
    api.post("/1/upload/", {"d": [profile()]}, content_type="application/json", headers=headers)
    assert Profile.objects.get().environment == "test"


def test_a_thousand_records_cost_as_few_queries_as_a_hundred(ask: Ask, acme: Workspace) -> None:
    def queries(first: int, last: int) -> int:
        people = [profile(n, profileData={"Name": f"Person {n}", "n": n}) for n in range(first, last)]
        with CaptureQueriesContext(connection) as seen:
            assert ask("upload", {"d": people})[1]["processed"] == last - first
        return len(seen)

    ask("upload", {"d": [with_data(n=1)]})
    assert queries(0, 100) == queries(100, 1_100)
