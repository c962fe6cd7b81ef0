"""GET profile.json, profiles.json page by page, and counts (contracts 4b, 8.10)."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from profiles.models import Profile, Workspace
from tests.conftest import Make

from .conftest import Ask, Said

NOT_FOUND = (404, {"status": "fail", "error": "Profile not found", "code": 404})


@pytest.fixture
def jack(ask: Ask, acme: Workspace) -> Profile:
    data = {
        "Name": "Jack Montana",
        "Email": "jack+x@gmail.com",
        "Phone": "+14155551234",
        "Gender": "M",
        "DOB": "1990-05-21",
        "Tz": "America/Denver",
        "Married": "N",
        "Age": 30,
        "Customer Type": "Platinum",
        "Last order": "$D_1700000000",
    }
    records = [
        {"type": "profile", "identity": "jack", "FBID": "34322423", "profileData": data},
        {"type": "token", "identity": "jack", "tokenData": {"id": "t-1", "type": "fcm"}},
    ]
    assert ask("upload", {"d": records})[1]["status"] == "success"
    return Profile.objects.get(distinct_id="jack")


def test_a_profile_is_read_by_identity_email_and_object_id(ask: Ask, jack: Profile) -> None:
    record = {
        "identity": "jack",
        "objectId": jack.pk.hex,
        "all_identities": ["jack", "34322423", "jack+x@gmail.com", "+14155551234"],
        "name": "Jack Montana",
        "email": "jack+x@gmail.com",
        "phone": "+14155551234",
        "profileData": {
            "Gender": "M",
            "DOB": "$D_643248000",
            "Tz": "America/Denver",
            "Married": "N",
            "Age": 30,
            "Customer Type": "Platinum",
            "Last order": "$D_1700000000",
        },
        "events": {},
        "platformInfo": [{"objectId": jack.pk.hex, "push_token": "t-1"}],
    }
    for asked in (
        "identity=jack",
        "email=jack%2Bx@gmail.com",
        "email=jack+x@gmail.com",
        "email=JACK+X@gmail.com",
        f"objectId={jack.pk}",
        f"objectId={jack.pk.hex}",
    ):
        assert ask(f"profile.json?{asked}") == (200, {"status": "success", "record": record})


def test_what_was_read_is_taken_as_an_upload(ask: Ask, jack: Profile) -> None:
    _, said = ask("profile.json?identity=jack")
    record = {"type": "profile", "identity": "jack", "profileData": said["record"]["profileData"]}
    assert ask("upload", {"d": [record]})[1]["status"] == "success"
    assert ask("profile.json?identity=jack")[1] == said


def test_who_is_not_there_is_not_found(ask: Ask, make_profile: Make, globex: Workspace) -> None:
    stranger = make_profile("stranger", workspace=globex, email="s@example.com")
    make_profile("tester", environment="test")
    for asked in ("identity=nobody", "identity=stranger", "identity=tester", "email=s@example.com"):
        assert ask(f"profile.json?{asked}") == NOT_FOUND
    for asked in (f"objectId={stranger.pk}", "objectId=x", "identity=%00", "email=%00", "objectId=%FF"):
        assert ask(f"profile.json?{asked}") == NOT_FOUND
    status, said = ask("profile.json?identity=")
    assert (status, said["error"]) == (400, "Give identity, email or objectId.")


@pytest.fixture
def crowd(ask: Ask, acme: Workspace) -> list[str]:
    people = [
        {
            "type": "profile",
            "identity": f"p-{n}",
            "profileData": {"n": n, "Gender": "MF"[n % 2], "pets": ["cat"] if n else [], "City": "Ulm"},
        }
        for n in range(7)
    ]
    ask("upload", {"d": people})
    return [f"p-{n}" for n in range(7)]


def pages(ask: Ask, said: Said) -> list[list[str]]:
    found, cursor = [], said["cursor"]
    while cursor:
        status, said = ask(f"profiles.json?cursor={cursor}")
        assert (status, said["status"]) == (200, "success")
        found.append([record["identity"] for record in said["records"]])
        cursor = said.get("next_cursor")
    return found


def test_everybody_is_downloaded_page_by_page_each_once(
    ask: Ask, crowd: list[str], make_profile: Make
) -> None:
    make_profile("tester", environment="test")
    status, said = ask("profiles.json?batch_size=3", {"event_name": "-1"})
    assert (status, said["status"], set(said)) == (200, "success", {"status", "cursor"})
    make_profile("late")
    found = pages(ask, said)
    assert [len(page) for page in found] in ([3, 3, 2], [3, 3, 1])
    assert sorted(each for page in found for each in page if each != "late") == crowd


def test_a_query_may_come_as_a_parameter_of_get(ask: Ask, crowd: list[str]) -> None:
    query = quote(json.dumps({"from": 20260101, "to": 20261231}))
    _, said = ask(f"profiles.json?batch_size=5000&query={query}")
    assert [sorted(page) for page in pages(ask, said)] == [crowd]


CONDITIONS: list[tuple[str, str, Any, set[int]]] = [
    ("n", "equals", 3, {3}),
    ("n", "not_equals", 3, {0, 1, 2, 4, 5, 6}),
    ("n", "greater_than", 4, {5, 6}),
    ("n", "greater_than_equals", "5", {5, 6}),
    ("n", "less_than", 1, {0}),
    ("n", "less_than_equals", 1, {0, 1}),
    ("identity", "contains", "p-6", {6}),
    ("identity", "does_not_contain", "p-6", {0, 1, 2, 3, 4, 5}),
    ("pets", "contains", "cat", {1, 2, 3, 4, 5, 6}),
    ("pets", "exists", None, {1, 2, 3, 4, 5, 6}),
    ("pets", "does_not_exist", None, {0}),
    ("Gender", "equals", "F", {1, 3, 5}),
    ("City", "equals", "Ulm", set(range(7))),
]


def test_conditions_on_profiles_find_and_count(ask: Ask, crowd: list[str]) -> None:
    for name, operator, value, numbers in CONDITIONS:
        condition = {"name": name, "operator": operator, "value": value}
        query = {"event_name": "-1", "common_profile_properties": {"profile_fields": [condition]}}
        assert ask("counts/profiles.json", query) == (200, {"status": "success", "count": len(numbers)})
        _, said = ask("profiles.json", query)
        assert {each for page in pages(ask, said) for each in page} == {f"p-{n}" for n in numbers}
    both = [{"name": "n", "operator": "less_than", "value": 4}]
    women = [{"name": "gender", "operator": "equals", "value": "F"}]
    query = {"common_profile_properties": {"profile_fields": both, "demographics": women}}
    assert ask("counts/profiles.json", query)[1]["count"] == 2


BAD: list[tuple[Any, str]] = [
    ([], "The body has to be a JSON object."),
    ({"event_name": "Charged"}, "Events are not kept yet"),
    ({"event_properties": [{"name": "x"}]}, "Events are not kept yet"),
    ({"evnt_name": "-1"}, "There is no condition “evnt_name”."),
    ({"common_profile_properties": []}, ""),
    ({"common_profile_properties": [1]}, "“common_profile_properties” takes"),
    ({"common_profile_properties": {"geo_fields": [1]}}, "“common_profile_properties” takes"),
    ({"common_profile_properties": {"profile_fields": {"a": 1}}}, "“profile_fields” has to be a list"),
    ({"common_profile_properties": {"profile_fields": [1]}}, "A condition has a name"),
    (
        {"common_profile_properties": {"profile_fields": [{"name": "n", "operator": "like"}]}},
        "There is no such op",
    ),
    (
        {"common_profile_properties": {"profile_fields": [{"name": "n", "value": [1]}]}},
        "“n” is compared with one",
    ),
    ({"common_profile_properties": {"profile_fields": [{"name": "zzz", "value": 1}]}}, "Rule 1: there is no"),
    (
        {"common_profile_properties": {"profile_fields": [{"name": "n", "value": "x"}]}},
        "Rule 1: N is: “x” is not",
    ),
]


def test_a_query_that_is_not_understood_finds_nobody_and_says_why(ask: Ask, crowd: list[str]) -> None:
    for path in ("profiles.json", "counts/profiles.json"):
        for body, error in BAD:
            status, said = ask(path, body)
            assert (status, said["status"]) == ((400, "fail") if error else (200, "success")), body
            assert said.get("error", "").startswith(error)


def test_a_cursor_is_ours_or_it_is_refused(ask: Ask, crowd: list[str]) -> None:
    _, said = ask("profiles.json?batch_size=2", {})
    for cursor in ("", "x", said["cursor"] + "x", said["cursor"][:-1]):
        status, answer = ask(f"profiles.json?cursor={cursor}")
        assert (status, answer["status"]) == (400, "fail")
    for size in ("0", "5001", "x", "-1", "٣"):
        status, answer = ask(f"profiles.json?batch_size={size}", {})
        assert (status, answer["error"]) == (400, "batch_size is a number from 1 to 5,000.")
