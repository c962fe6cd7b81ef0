"""The operations on user properties, a case for each documented line (contracts 1b and 8.11)."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, ProfileChange, PropertyType, UnknownKeys, Workspace
from tests.conftest import Make

from .conftest import Ask, error

START = {"plan": "pro", "seats": 3, "tags": ["a", "b"], "on": True}
ROUTES = {
    "$set": "set",
    "$once": "set-once",
    "$add": "numerical-add",
    "$append": "list-append",
    "$remove": "list-remove",
    "$unset": "unset",
}


@pytest.fixture
def asha(fyno: Ask) -> Profile:
    fyno("POST", "profiles", {"distinct_id": "U1", "properties": START})
    return Profile.objects.get()


def properties_of(distinct_id: str = "U1") -> dict[str, Any]:
    return Profile.objects.get(distinct_id=distinct_id).custom


def do(fyno: Ask, operator: str, given: object, distinct_id: object = "U1") -> tuple[int, Any]:
    return fyno(
        "POST", f"profiles/properties/{ROUTES[operator]}", {"distinct_id": distinct_id, operator: given}
    )


@pytest.mark.parametrize(
    ("operator", "given", "changed"),
    [
        ("$set", {"plan": "free", "city": "Pune"}, {"plan": "free", "city": "Pune"}),
        ("$set", {"tags": ["c", "c", "d"], "on": False, "seats": 2.5},
         {"tags": ["c", "d"], "on": False, "seats": 2.5}),
        ("$set", {"since": "2024-02-29", "at": "2024-02-29T10:00:00+05:30"},
         {"since": "2024-02-29", "at": "2024-02-29T04:30:00+00:00"}),
        ("$set", {"plan": None, "unknown": None}, {"plan": None}),
        ("$set", {"seats": "many", "plan": "free"}, {"plan": "free"}),
        ("$set", {"on": "perhaps", "tags": 5.5, "plan": True}, {}),
        ("$once", {"plan": "free", "first": "ad"}, {"first": "ad"}),
        ("$once", {"plan": None, "first": None}, {}),
        ("$add", {"seats": 2, "visits": 1.5}, {"seats": 5, "visits": 1.5}),
        ("$add", {"seats": -4}, {"seats": -1}),
        ("$add", {"plan": 1, "seats": 1}, {"seats": 4}),
        ("$append", {"tags": "c", "colours": "red"}, {"tags": ["a", "b", "c"], "colours": ["red"]}),
        ("$append", {"tags": "a"}, {}),
        ("$append", {"sizes": 42}, {"sizes": [42]}),
        ("$append", {"plan": "x", "tags": "c"}, {"tags": ["a", "b", "c"]}),
        ("$remove", {"tags": "a"}, {"tags": ["b"]}),
        ("$remove", {"tags": "z", "unknown": "a"}, {}),
        ("$unset", ["plan", "tags", "unknown"], {"plan": None, "tags": None}),
    ],
)  # fmt: skip
def test_one_operation(
    fyno: Ask, asha: Profile, operator: str, given: object, changed: dict[str, Any]
) -> None:
    """Done by the time of the answer; a null among `changed` is a property that is gone."""
    code, answer = do(fyno, operator, given)
    assert (code, list(answer)) == (202, ["request_id"])
    assert str(UUID(answer["request_id"])) == answer["request_id"]
    assert properties_of() == {key: value for key, value in (START | changed).items() if value is not None}


@pytest.mark.parametrize(
    ("operator", "given", "made"),
    [
        ("$set", {"plan": "pro"}, {"plan": "pro"}),
        ("$once", {"plan": "pro"}, {"plan": "pro"}),
        ("$add", {"seats": 2}, {"seats": 2}),
        ("$append", {"tags": "a"}, {"tags": ["a"]}),
        ("$remove", {"tags": "a"}, None),
        ("$unset", ["plan"], None),
    ],
)
def test_who_is_not_there_is_created_unless_something_is_taken_away(
    fyno: Ask, acme: Workspace, operator: str, given: object, made: dict[str, Any] | None
) -> None:
    assert do(fyno, operator, given)[0] == 202
    assert list(Profile.objects.values_list("distinct_id", "custom")) == ([("U1", made)] if made else [])


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ("x", PropertyType.TEXT),
        ("2024-02-29", PropertyType.DATE),
        ("2024-02-29T10:00:00Z", PropertyType.DATETIME),
        (5, PropertyType.NUMBER),
        (True, PropertyType.BOOLEAN),
        (["a", 1], PropertyType.TEXT_LIST),
        ([1, 2], PropertyType.NUMBER_LIST),
    ],
)
def test_the_first_value_fixes_the_type_of_a_property(
    fyno: Ask, acme: Workspace, value: object, type: PropertyType
) -> None:
    do(fyno, "$set", {"new": value})
    assert acme.property_definitions.get(key="new").type == type


ILLEGAL = [
    *((operator, given) for operator in ("$set", "$once", "$add", "$append", "$remove")
      for given in ({}, [], None, "x", 1, {"plan": {"a": 1}}, {"": 1})),
    *(("$add", {"seats": value}) for value in ("1", True, [1])),
    *((operator, {"tags": ["c"]}) for operator in ("$append", "$remove")),
]  # fmt: skip


def test_an_illegal_object_is_refused(fyno: Ask, asha: Profile) -> None:
    for operator, given in ILLEGAL:
        sentence = f"{operator} has object/keys that is not allowed"
        assert do(fyno, operator, given) == (400, error(sentence)), (operator, given)
    assert properties_of() == START


def test_unset_needs_a_key(fyno: Ask, asha: Profile) -> None:
    sentence = "$unset channel should have atleast one item in array"
    for given in ([], {}, None, "plan", [1], [None], [""]):
        assert do(fyno, "$unset", given) == (400, error(sentence)), given
    assert properties_of() == START


NO_DISTINCT_IDS = [
    (None, "distinct_id is required."),
    ("", "distinct_id is required."),
    ([1], "Distinct ID must be text"),
    ("U" * 1025, "Distinct ID may have at most 1024"),
]


def test_a_distinct_id_is_required(fyno: Ask, acme: Workspace) -> None:
    for distinct_id, sentence in NO_DISTINCT_IDS:
        code, answer = do(fyno, "$set", {"new": 1}, distinct_id)
        assert (code, answer["status"]) == (400, "error")
        assert answer["_message"].startswith(sentence)
    assert not acme.property_definitions.filter(key="new").exists()


def test_what_was_skipped_is_counted(fyno: Ask, api: Any, make_key: Any, asha: Profile) -> None:
    _, secret = make_key()
    body = {"distinct_id": "U1", "$set": {"seats": "many", "on": "perhaps", "plan": "free"}}
    answer = api.post(
        "/v1/acme/live/profiles/properties/set",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.headers["X-Skipped-Values"] == "2"
    assert answer.json()["request_id"].replace("-", "") == answer.headers["X-Request-Id"]


def test_a_workspace_may_take_no_new_properties(fyno: Ask, acme: Workspace, asha: Profile) -> None:
    acme.unknown_keys = UnknownKeys.REFUSE
    acme.save()
    assert do(fyno, "$set", {"plan": "free", "new": 1})[0] == 202
    assert properties_of() == START | {"plan": "free"}


def test_a_batch_works_in_order_and_in_one_write(fyno: Ask, asha: Profile) -> None:
    batch = [
        {"distinct_id": "U1", "action": {"$set": {"seats": 10}, "$add": {"seats": 1}}},
        {"distinct_id": "U1", "action": {"$add": {"seats": 1}, "$append": {"tags": "c"}}},
        {"distinct_id": "U2", "action": {"$unset": ["plan"]}},
        {"distinct_id": "U2", "action": {"$once": {"plan": "free"}}},
        {"distinct_id": "U2", "action": {"$once": {"plan": "pro"}, "$remove": {"tags": "x"}}},
        {"distinct_id": "U3", "action": {"$remove": {"tags": "a"}}},
        {"distinct_id": "U1", "action": {"$set": {"plan": "free", "on": False}, "$unset": ["plan", "new"],
                                          "$add": {"new": 1}}},
    ]  # fmt: skip
    code, answer = fyno("POST", "profiles/properties/batch", {"batch": batch})
    assert code == 202
    assert UUID(answer["request_id"])
    assert answer["batch"] == [dict.fromkeys(item["action"], "ok") for item in batch]  # type: ignore[attr-defined]
    assert properties_of() == {"seats": 12, "tags": ["a", "b", "c"], "on": False}
    assert properties_of("U2") == {"plan": "free"}
    assert Profile.objects.count() == 2


def test_a_batch_loses_nothing_but_what_does_not_fit(fyno: Ask, asha: Profile) -> None:
    batch = [
        {"distinct_id": "U1", "action": {"$set": {"seats": "many", "plan": "free"}, "$unset": []}},
        {"distinct_id": "U1", "action": {"$add": {}, "$append": {"tags": "c"}}},
        {"distinct_id": "U4", "action": {"$set": {"a": {"b": 1}}}},
    ]
    code, answer = fyno("POST", "profiles/properties/batch", {"batch": batch})
    assert (code, answer["batch"]) == (
        202,
        [
            {"$set": "ok", "$unset": "$unset channel should have atleast one item in array"},
            {"$add": "$add has object/keys that is not allowed", "$append": "ok"},
            {"$set": "$set has object/keys that is not allowed"},
        ],
    )
    assert properties_of() == START | {"plan": "free", "tags": ["a", "b", "c"]}
    assert Profile.objects.count() == 1


NO_BATCHES = [
    (None, "batch should have atleast one item in array"),
    ([], "batch should have atleast one item in array"),
    ({"distinct_id": "U1"}, "batch should have atleast one item in array"),
    ([{"distinct_id": "U1", "action": {"$set": {"a": 1}}}, "x"], "batch[1].distinct_id is required."),
    ([{"action": {"$set": {"a": 1}}}], "batch[0].distinct_id is required."),
    ([{"distinct_id": [], "action": {"$set": {"a": 1}}}], "batch[0]: Distinct ID must be text"),
    ([{"distinct_id": "U1"}], "batch[0].action has to be an object of at least one of $set, $once,"),
    ([{"distinct_id": "U1", "action": {}}], "batch[0].action has to be an object"),
    ([{"distinct_id": "U1", "action": {"$set": {}}}], "$set has object/keys that is not allowed"),
    ([{"distinct_id": "U1", "action": {"$push": {"a": 1}}}], "batch[0].action.$push is not allowed"),
    ([{"distinct_id": "U1", "action": {"$set": {"a": 1}}}] * 1001, "batch may have at most 1,000 items"),
]  # fmt: skip


def test_a_batch_that_is_none_is_refused_whole(fyno: Ask, acme: Workspace) -> None:
    for batch, sentence in NO_BATCHES:
        code, answer = fyno("POST", "profiles/properties/batch", {"batch": batch})
        assert (code, answer["status"]) == (400, "error")
        assert answer["_message"].startswith(sentence)
    assert not Profile.objects.exists()
    assert not acme.property_definitions.filter(key="a").exists()


def test_a_batch_takes_as_many_statements_for_one_as_for_a_thousand(fyno: Ask, asha: Profile) -> None:
    counts = []
    for size in (1, 1000):
        items = [{"distinct_id": f"B{n}", "action": {"$set": {"seats": size}}} for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert fyno("POST", "profiles/properties/batch", {"batch": items})[0] == 202
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2
    assert Profile.objects.filter(custom={"seats": 1000}).count() == 1000


def test_properties_keep_to_the_version_and_name_the_door(fyno: Ask, make_profile: Make) -> None:
    make_profile("U1", environment="test")
    fyno("POST", "profiles/properties/set/", {"distinct_id": "U1", "$set": {"plan": "pro"}})
    assert Profile.objects.get(environment="test").custom == {}
    assert ProfileChange.objects.get(profile__environment="live").door == "fyno"
