"""POST /1/upload: records, values and bodies that are not taken (contracts 4a, 4b, 8.10, 8.11)."""

from typing import Any

from profiles.models import Profile, UnknownKeys, Workspace

from .conftest import Ask, jack, profile, with_data

NEITHER = "Data is neither event nor profile."
EPOCH = "Timestamp should be present in the Unix Epoch format. "
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


def test_what_the_rules_of_the_workspace_refuse_is_skipped(ask: Ask, acme: Workspace) -> None:
    acme.property_definitions.filter(key="city").update(required=True)
    acme.schema_has_changed()
    _, said = ask("upload", {"d": [profile("ann", profileData={"City": "Ulm"}), with_data(Name="Jack")]})
    (failure,) = said["unprocessed"]
    assert (said["processed"], failure["code"]) == (1, 521)
    assert failure["error"].endswith("Skipped record number : 2")
