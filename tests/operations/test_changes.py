"""What a bulk change means, before anybody is touched."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from profiles.errors import Refused
from profiles.models import PropertyDefinition, PropertyType, Workspace
from profiles.operations.changes import change_of, find_and_replace
from profiles.operations.properties import archive_property, create_property
from profiles.schema import Schema, schema_of

RAW: dict[PropertyType, Any] = {
    PropertyType.TEXT: "x",
    PropertyType.NUMBER: "1.5",
    PropertyType.INTEGER: "7",
    PropertyType.BOOLEAN: "true",
    PropertyType.DATE: "2026-02-28",
    PropertyType.DATETIME: "2026-02-28T12:00",
    PropertyType.CHOICE: "b",
    PropertyType.TEXT_LIST: ["x", "y"],
    PropertyType.NUMBER_LIST: ["1", "2.5"],
    PropertyType.GEO: "52.5, 13.4",
    PropertyType.EMAIL: "a@example.com",
    PropertyType.PHONE: "+49 30 901820",
    PropertyType.URL: "https://example.com/",
    PropertyType.COUNTRY: "DE",
    PropertyType.LANGUAGE: "en",
    PropertyType.TIMEZONE: "Europe/Berlin",
    PropertyType.TOKENS: ["token"],
}


@pytest.fixture
def schema(acme: Workspace) -> Schema:
    for type in PropertyType:
        choices = ["a", "b"] if type == PropertyType.CHOICE else []
        create_property(acme, key=type.value, label="", type=type, choices=choices, actor=None)
    acme.refresh_from_db()
    return schema_of(acme)


@pytest.mark.parametrize("type", list(PropertyType))
def test_any_type_can_be_set_and_what_is_kept_means_the_same_when_it_runs(
    schema: Schema, type: PropertyType
) -> None:
    given = {"path": f"custom.{type.value}", "value": RAW[type]}
    change = change_of("set", given, schema, zone=ZoneInfo("Asia/Tokyo"))
    again = change_of("set", change.parameters, schema)
    assert again.values == change.values
    assert change.values[given["path"]] not in (None, "", [])
    assert change.row("live", "bob") == again.row("live", "bob")


@pytest.mark.parametrize(
    ("verb", "given", "reason"),
    [
        ("set", {"path": "custom.integer", "value": "seven"}, "seven"),
        ("set", {"path": "country", "value": "XX"}, "XX"),
        ("set", {"path": "city", "value": " "}, "Give a value for City"),
        ("set", {"path": "city", "value": "a\0b"}, "City"),
        ("set", {"path": "custom.text_list", "value": []}, "Give a value"),
        ("set", {"path": "custom.gone", "value": "x"}, "There is no property “custom.gone”"),
        ("set", {"path": "distinct_id", "value": "x"}, "There is no property “distinct_id”"),
        ("set", {"path": "status", "value": "disabled"}, "There is no property “status”"),
        ("set", {}, "Choose a property"),
        ("clear", {"path": ""}, "Choose a property"),
        ("replace", {"path": "city", "find": ""}, "Say what to find"),
        ("replace", {"path": "city", "find": "a\0"}, "NUL"),
        ("replace", {"path": "city", "find": "x" * 1_001}, "1,000 characters"),
        ("replace", {"path": "birthday", "find": "x"}, "holds no text"),
        ("replace", {"path": "custom.number", "find": "1"}, "holds no text"),
        ("tag", {"tags": " ; "}, "Name at least one tag"),
        ("untag", {"tags": ["a;b"]}, "may not contain ;"),
    ],
)
def test_what_cannot_be_done_is_refused_before_it_begins(
    schema: Schema, verb: str, given: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        change_of(verb, given, schema)


def test_an_archived_property_takes_no_changes(acme: Workspace, schema: Schema) -> None:
    archive_property(PropertyDefinition.objects.get(key="text"), actor=None)
    acme.refresh_from_db()
    with pytest.raises(Refused, match="is archived"):
        change_of("clear", {"path": "custom.text"}, schema_of(acme))


def test_a_required_property_cannot_be_cleared(acme: Workspace) -> None:
    create_property(acme, key="plan", label="Plan", type=PropertyType.TEXT, required=True, actor=None)
    acme.refresh_from_db()
    with pytest.raises(Refused, match="Plan is required"):
        change_of("clear", {"path": "custom.plan"}, schema_of(acme))


@pytest.mark.parametrize(
    ("old", "find", "replacement", "options", "new"),
    [
        ("Bonn am Rhein", "n", "m", {}, "Bomm am Rheim"),
        ("Bonn", "BONN", "Berlin", {}, "Berlin"),
        ("Bonn", "BONN", "Berlin", {"is_case_sensitive": True}, "Bonn"),
        ("Bonn am Rhein", "Bonn", "Berlin", {"is_whole": True}, "Bonn am Rhein"),
        ("bonn", "Bonn", "Berlin", {"is_whole": True}, "Berlin"),
        ("a.c abc", "a.c", r"\1", {}, r"\1 abc"),
        ("x", "x", "", {}, ""),
        (["red", "Dark red"], "red", "blue", {}, ["blue", "Dark blue"]),
        (["red", "Dark red"], "red", "", {"is_whole": True}, ["Dark red"]),
        ([1, 2], "1", "2", {}, [1, 2]),
        (17, "1", "2", {}, 17),
        (None, "1", "2", {}, None),
        ("Straße İ", "STRASSE", "x", {}, "Straße İ"),
    ],
)
def test_find_and_replace_is_plain_text(
    old: Any, find: str, replacement: str, options: dict[str, bool], new: Any
) -> None:
    how = {"is_case_sensitive": False, "is_whole": False} | options
    assert find_and_replace(find, replacement, **how)(old) == new


def test_words_say_what_happens(schema: Schema) -> None:
    def words(verb: str, **given: Any) -> str:
        return change_of(verb, given, schema).words

    assert words("set", path="city", value="Berlin") == "Set City to “Berlin”"
    assert words("clear", path="city") == "Clear City"
    assert words("replace", path="city", find="a", replacement="b") == "Replace “a” by “b” in City"
    assert words("tag", tags="vip;beta") == "Give the tags vip, beta"
    assert words("untag", tags="vip") == "Take away the tag vip"
