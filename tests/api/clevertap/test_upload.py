"""POST /1/upload (contracts 4a, 4b, 8.10, 8.11)."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, ProfileChange, PropertyType, UnknownKeys, Workspace
from profiles.operations.merging import merge_profiles
from profiles.queries.names import find_profile
from profiles.queries.profile import values_of
from tests.api.conftest import MakeKey
from tests.conftest import Make

from .conftest import Ask, Said

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
NEITHER = "Data is neither event nor profile."
EPOCH = "Timestamp should be present in the Unix Epoch format. "


def profile(identity: Any = "jack", **more: Any) -> Said:
    return {"type": "profile", "identity": identity, "profileData": {}} | more


def with_data(**data: Any) -> Said:
    return profile(profileData=data)


def jack(acme: Workspace) -> dict[str, Any]:
    found = find_profile(acme, "live", "jack")
    assert found
    return values_of(found)


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


SKIPPED: list[tuple[Any, int, str]] = [
    (with_data(Gender="X"), 514, "Profile data is incorrect. Gender needs to be M/F."),
    (with_data(Gender=1), 514, "Profile data is incorrect. Gender needs to be M/F."),
    (with_data(Email="nope"), 515, "Profile data is incorrect. Email is not valid."),
    (with_data(Email=["a@b.de"]), 515, "Profile data is incorrect. Email is not valid."),
    (with_data(Phone="12"), 516, "Profile data is incorrect. Phone number is not valid."),
    (with_data(Employed="maybe"), 517, "Profile data is incorrect. Employed needs to be Y/N."),
    (with_data(Employed=True), 517, "Profile data is incorrect. Employed needs to be Y/N."),
    (
        with_data(Education="Phd"),
        518,
        "Profile data is incorrect. Education needs to be School/College/Graduate.",
    ),
    (with_data(Married="?"), 519, "Profile data is incorrect. Married needs to be Y/N."),
    (with_data(Age="old"), 520, "Profile data is incorrect. Age is invalid."),
    (with_data(Age=-1), 520, "Profile data is incorrect. Age is invalid."),
    (with_data(Age=1.5), 520, "Profile data is incorrect. Age is invalid."),
    (with_data(**{str(n): n for n in range(257)}), 521, "It has more than 256 keys."),
    ({"type": "profile", "profileData": {}}, 523, "Identity is missing or not valid."),
    (profile(identity=""), 523, "Identity is missing or not valid."),
    (profile(identity={"a": 1}), 523, "Identity is missing or not valid."),
    (profile(identity="a\u0000b"), 523, "Identity is missing or not valid."),
    (profile(identity="x" * 1_025), 523, "Identity is missing or not valid."),
    (profile(type="person"), 524, NEITHER),
    (profile(type=None), 524, NEITHER),
    ("jack", 524, NEITHER),
    (None, 524, NEITHER),
    (profile(profileData=None), 524, "Profile data is missing."),
    (profile(profileData=[]), 524, "Profile data is missing."),
    (profile(ts=0), 525, EPOCH),
    (profile(ts=-5), 525, EPOCH),
    (profile(ts="yesterday"), 525, EPOCH),
    (profile(ts=True), 525, EPOCH),
    (profile(ts=1.5), 525, EPOCH),
    (profile(ts=10**15), 525, EPOCH),
    (profile(identity=None, objectId="gone"), 526, "ObjectId is not valid."),
    (profile(identity=None, objectId="0" * 32), 526, "ObjectId is not valid."),
    (profile(objectId=[]), 526, "ObjectId is not valid."),
    (
        {"type": "event", "identity": "jack", "evtName": "Charged", "evtData": {}},
        528,
        "Events are not taken yet: this one is discarded.",
    ),
]


def test_each_unsound_record_is_skipped_with_its_code_and_the_others_are_taken(ask: Ask) -> None:
    records = [record for record, _, _ in SKIPPED]
    status, said = ask("upload", {"d": [profile("ann"), *records, profile("bea")]})
    assert (status, said["status"], said["processed"]) == (200, "partial", 2)
    for number, (failure, (record, code, error)) in enumerate(
        zip(said["unprocessed"], SKIPPED, strict=True), start=2
    ):
        assert (failure["status"], failure["code"], failure["record"]) == ("fail", code, record)
        assert failure["error"].endswith(f"{error}Skipped record number : {number}"), record
    assert {each.distinct_id for each in Profile.objects.all()} == {"ann", "bea"}


def test_where_every_record_is_skipped_the_upload_failed_with_http_200(ask: Ask) -> None:
    status, said = ask("upload", {"d": [with_data(Email="x"), profile(ts=0)]})
    assert (status, said["status"], said["processed"], len(said["unprocessed"])) == (200, "fail", 0, 2)


NO_BODIES: list[tuple[Any, str]] = [
    ([], "The body has to be a JSON object."),
    ({}, "The body has to have its records in a list “d”."),
    ({"d": {}}, "The body has to have its records in a list “d”."),
    ({"d": []}, "A request takes 1 to 1,000 records; this one has 0."),
    ({"d": [1] * 1_001}, "A request takes 1 to 1,000 records; this one has 1,001."),
    (b"", "The body is empty; JSON is expected."),
    (b"{", "The body is not JSON"),
    (b'{"d": ["\xff"]}', "The body is not JSON"),
]


def test_a_body_that_is_none_is_refused_as_a_whole(ask: Ask) -> None:
    for body, error in NO_BODIES:
        status, said = ask("upload", body)
        assert (status, said["status"], said["code"]) == (400, "fail", 400)
        assert said["error"].startswith(error)


def test_a_value_that_does_not_fit_is_left_out_and_the_rest_of_its_record_stored(
    ask: Ask, acme: Workspace
) -> None:
    ask("upload", {"d": [with_data(seats=3, Name="Jack")]})
    data = {"seats": "many", "Name": "Jack M.", "a.b": 1, "long": "ä" * 257, "place": {"x": 1}, "DOB": "1/2"}
    status, said = ask("upload", {"d": [with_data(**data, **{"MSG-email": "perhaps", "k" * 121: 1})]})
    (failure,) = said["unprocessed"]
    assert (status, said["status"], said["processed"], failure["code"]) == (200, "partial", 1, 521)
    for part in (
        "Seats must be a number",
        "a.b: A key may not hold “.”.",
        "long: A value has at most 512 bytes.",
        "place: An object is no value.",
        "MSG-email: It has to be true or false.",
        "A key has at most 120 bytes.",
        "Birthday must be a date",
    ):
        assert part in failure["error"]
    assert failure["error"].endswith("The rest is stored. Record number : 1")
    assert jack(acme) == {"name": "Jack M.", "custom.seats": 3}


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


def test_where_the_workspace_makes_no_properties_new_keys_are_left_out(ask: Ask, acme: Workspace) -> None:
    acme.unknown_keys = UnknownKeys.REFUSE
    acme.save()
    _, said = ask("upload", {"d": [with_data(Name="Jack", plan="pro")]})
    assert "There is no property “plan”, and the workspace makes none." in said["unprocessed"][0]["error"]
    assert jack(acme) == {"name": "Jack"}


def test_a_word_of_clevertap_without_a_property_takes_nothing_from_the_rest(
    ask: Ask, acme: Workspace
) -> None:
    acme.unknown_keys = UnknownKeys.REFUSE
    acme.save()
    _, said = ask("upload", {"d": [with_data(Name="Jack", Employed="Y", Age=30)]})
    assert (said["status"], said["processed"], said["unprocessed"][0]["code"]) == ("partial", 1, 521)
    assert jack(acme) == {"name": "Jack"}


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


def test_what_the_rules_of_the_workspace_refuse_is_skipped(ask: Ask, acme: Workspace) -> None:
    acme.property_definitions.filter(key="city").update(required=True)
    acme.schema_has_changed()
    _, said = ask("upload", {"d": [profile("ann", profileData={"City": "Ulm"}), with_data(Name="Jack")]})
    (failure,) = said["unprocessed"]
    assert (said["processed"], failure["code"]) == (1, 521)
    assert failure["error"].endswith("Skipped record number : 2")


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
