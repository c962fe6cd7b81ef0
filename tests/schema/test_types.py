"""Each type's own rules, by example."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from profiles.models import PropertyDefinition, PropertyType
from profiles.schema import Schema


def schema_with(type: str, **rules: Any) -> Schema:
    definition = PropertyDefinition(kind="custom", key="it", label="It", type=type, **rules)
    return Schema([definition])


def value_of(type: str, raw: Any, **rules: Any) -> Any:
    row = schema_with(type, **rules).validate({"custom.it": raw})
    assert not row.errors
    return row.values["custom.it"]


def message_about(type: str, raw: Any, **rules: Any) -> str:
    (error,) = schema_with(type, **rules).validate({"custom.it": raw}).errors
    assert error.path == "custom.it"
    return error.message


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("text", "  as it is\n", "  as it is\n"),
        ("text", 5, "5"),
        ("text", "👩‍👩‍👧‍👦 مرحبا", "👩‍👩‍👧‍👦 مرحبا"),
        ("number", "12.50", 12.5),
        ("number", "29.00", 29),
        ("number", " 1e3 ", 1000),
        ("number", ".5", 0.5),
        ("number", -0.0, 0),
        ("number", "123456789012345", 123456789012345),
        ("number", 0.30000000000000004, 0.30000000000000004),
        ("integer", "5", 5),
        ("integer", "5.0", 5),
        ("integer", 5.0, 5),
        ("integer", "-9223372036854775807", -9223372036854775807),
        ("boolean", "Yes", True),
        ("boolean", " off", False),
        ("boolean", 1, True),
        ("boolean", False, False),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", date(2024, 2, 29), "2024-02-29"),
        ("date", "2024-02-29 00:00", "2024-02-29"),
        ("date", "1890-02-28T00:00:00.000Z", "1890-02-28"),
        ("date", "2024-02-29t00:00:00+05:30", "2024-02-29"),
        ("datetime", "2024-02-29T10:00:00+05:30", "2024-02-29T04:30:00+00:00"),
        ("datetime", "2024-02-29T10:00Z", "2024-02-29T10:00:00+00:00"),
        ("datetime", "2024-02-29 10:00:00.5 +0100", "2024-02-29T09:00:00.500000+00:00"),
        ("datetime", "2024-02-29", "2024-02-29T00:00:00+00:00"),
        ("datetime", datetime(2024, 2, 29, tzinfo=UTC), "2024-02-29T00:00:00+00:00"),
        ("text_list", "a; b;;a ; c", ["a", "b", "c"]),
        ("text_list", ["a;b", 5, "a;b"], ["a;b", "5"]),
        ("text_list", '["a;b", " c\\n"]', ["a;b", " c\n"]),
        ("text_list", '["a"; "b"]', ['["a"', '"b"]']),
        ("number_list", "[1, 2.5]", [1, 2.5]),
        ("number_list", "1; 2.5; 1.0", [1, 2.5]),
        ("geo", "52.5, 13.4", {"lat": 52.5, "lon": 13.4}),
        ("geo", {"lat": "52.5", "lon": 13}, {"lat": 52.5, "lon": 13}),
        ("email", " Ana@Example.com ", "Ana@Example.com"),
        ("email", "zoë.o'neill@bücher.example", "zoë.o'neill@bücher.example"),
        ("email", "राम@example.in", "राम@example.in"),
        ("phone", "0049 (30) 123-456.7", "+49301234567"),
        ("phone", "+4930 1234567", "+49301234567"),
        ("url", "HTTPS://example.com/a?b=c#d", "HTTPS://example.com/a?b=c#d"),
        ("country", "de", "DE"),
        ("language", "PT_br", "pt-BR"),
        ("language", "zh-hant-tw", "zh-Hant-TW"),
        ("timezone", "europe/berlin", "Europe/Berlin"),
        ("tokens", "a;b;a", [{"token": "a", "status": 1}, {"token": "b", "status": 1}]),
        (
            "tokens",
            [{"token": "a", "integration_id": "x", "status": 0}],
            [{"token": "a", "integration_id": "x", "status": 0}],
        ),
        ("tokens", '[{"token": "a", "status": null}]', [{"token": "a", "status": 1}]),
    ],
)
def test_it_reads(type: str, raw: Any, value: Any) -> None:
    found = value_of(type, raw)
    assert found == value
    assert str(found) == str(value)


@pytest.mark.parametrize("type", PropertyType.values)
@pytest.mark.parametrize("raw", [None, "", "   \n"])
def test_a_blank_clears(type: str, raw: Any) -> None:
    assert value_of(type, raw) is None


@pytest.mark.parametrize(
    ("type", "raw", "message"),
    [
        ("integer", "abc", "It must be a whole number; “abc” is not."),
        ("integer", "5.5", "It must be a whole number; “5.5” is not."),
        ("integer", True, "It must be a whole number; true is not."),
        ("integer", 2**63, "It must be a whole number of 64 bits; 9223372036854775808 is not."),
        ("number", "1,5", "It must be a number, with a point before decimals; “1,5” is not."),
        ("number", "1_000", "It must be a number, with a point before decimals; “1_000” is not."),
        ("number", "nan", "It must be a number, with a point before decimals; “nan” is not."),
        ("number", float("inf"), "It must be a number of at most 15 digits; inf is not."),
        (
            "number",
            "0.12345678901234567",
            "It must be a number of at most 15 digits; “0.12345678901234567” is not.",
        ),
        ("number", "1e-400", "It must be a number of at most 15 digits; “1e-400” is not."),
        ("number", True, "It must be a number; true is not."),
        ("boolean", "2", "It must be yes or no; “2” is not."),
        ("date", "20240131", "It must be a date like 2026-01-31; “20240131” is not."),
        ("date", 1706659200, "It must be a date like 2026-01-31; 1706659200 is not."),
        ("date", "2023-02-29", "It must be a day that exists; “2023-02-29” is not."),
        ("date", "2023-02-29T00:00Z", "It must be a day that exists; “2023-02-29T00:00Z” is not."),
        ("date", "2024-01-31T09:30Z", "It must be a date like 2026-01-31; “2024-01-31T09:30Z” is not."),
        ("date", "31/01/2024", "It must be a date like 2026-01-31; “31/01/2024” is not."),
        ("datetime", 1706659200, "It must be a date and time like 2026-01-31T09:30:00Z; 1706659200 is not."),
        ("datetime", "2024-01-31T25:00", "It must be a moment that exists; “2024-01-31T25:00” is not."),
        (
            "datetime",
            "0001-01-01T00:00+01:00",
            "It must lie between 0001-01-02 and 9999-12-30; “0001-01-01T00:00+01:00” is not.",
        ),
        ("text", "a\0b", "It may not contain characters that cannot be stored; “a�b” does."),
        ("text", "\ud800", "It may not contain characters that cannot be stored; “�” does."),
        ("text", ["a"], "It must be text; a list of 1 is not."),
        ("text", {"a": 1}, "It must be text; an object is not."),
        ("text", b"a", "It must be text; a value of type bytes is not."),
        ("number_list", "1;x", "It must be a number, with a point before decimals; “x” is not."),
        ("text_list", {"a": 1}, "It must be a list, or text with ; between the elements; an object is not."),
        ("geo", "52.5", "It must be a place as latitude, longitude; “52.5” is not."),
        (
            "geo",
            "91, 0",
            "It must be a latitude of -90 to 90 and a longitude of -180 to 180; “91, 0” is not.",
        ),
        ("email", "ana@", "It must be an e-mail address like ana@example.com; “ana@” is not."),
        (
            "phone",
            "030 123456",
            "It must be a phone number with its country code, like +49 30 123456; “030 123456” is not.",
        ),
        (
            "url",
            "javascript:alert(1)",
            "It must be a web address that starts with http:// or https://; “javascript:alert(1)” is not.",
        ),
        ("country", "ß", "It must be a country as its two letters, like DE; “ß” is not."),
        ("country", "ZZ", "It must be a country as its two letters, like DE; “ZZ” is not."),
        ("language", "english!", "It must be a language code like en or pt-BR; “english!” is not."),
        (
            "timezone",
            "Mars/Base",
            "It must be a time zone of the IANA list, like Europe/Berlin; “Mars/Base” is not.",
        ),
        (
            "tokens",
            [{"tok": 1}],
            "It must be a list of token, integration_id and status; a list of 1 is not.",
        ),
        ("tokens", "[1,", "It must be tokens with ; between them, or a JSON list; “[1,” is not."),
    ],
)
def test_it_refuses_with_a_sentence(type: str, raw: Any, message: str) -> None:
    assert message_about(type, raw) == message


@pytest.mark.parametrize(
    ("type", "rules", "raw", "message"),
    [
        ("text", {"min_length": 3}, "ab", "It must have at least 3 characters; “ab” has 2."),
        ("text", {"max_length": 3}, "abcd", "It may have at most 3 characters; “abcd” has 4."),
        ("text", {}, "x" * 10_001, f"It may have at most 10000 characters; “{'x' * 59}…” has 10,001."),
        ("text", {"pattern": "[a-z]+|x{2}"}, "aB", "It must match the pattern [a-z]+|x{2}; “aB” does not."),
        ("text", {"pattern": "a"}, "a\n", "It must match the pattern a; “a�” does not."),
        ("number", {"minimum": 1}, "0.5", "It must be at least 1; “0.5” is not."),
        ("integer", {"maximum": 1e6}, 2_000_000, "It may be at most 1000000; 2000000 is not."),
        ("number_list", {"maximum": 2.5}, [1, 3], "It may be at most 2.5; 3 is not."),
        ("text_list", {"max_length": 2}, "ab;abc", "It may have at most 2 characters; “abc” has 3."),
        ("text_list", {"max_elements": 2}, "a;b;c", "It may have at most 2 elements; “a;b;c” has 3."),
        ("choice", {"choices": ["free", "pro"]}, "Pro", "It must be one of free, pro; “Pro” is not."),
        (
            "email",
            {"pattern": ".*@corp[.]example"},
            "a@b.example",
            "It must match the pattern .*@corp[.]example; “a@b.example” does not.",
        ),
    ],
)
def test_constraints_are_named(type: str, rules: dict[str, Any], raw: Any, message: str) -> None:
    assert message_about(type, raw, **rules) == message


def test_a_number_that_python_cannot_write_is_refused_too() -> None:
    message = message_about("number", 10**5000)
    assert message == "It must be a number of at most 15 digits; a number of very many digits is not."


def test_elements_are_counted_once_each() -> None:
    assert value_of("text_list", "a;a;b", max_elements=2) == ["a", "b"]


def test_a_choice_may_have_spaces_around_it() -> None:
    assert value_of("choice", " pro ", choices=["free", "pro"]) == "pro"


def test_a_time_without_an_offset_is_in_the_zone_asked_for() -> None:
    row = schema_with("datetime").validate({"custom.it": "2024-07-01T12:00"}, zone=ZoneInfo("Europe/Berlin"))
    assert row.values == {"custom.it": "2024-07-01T10:00:00+00:00"}


@pytest.mark.parametrize("raw", ["2026-03-29T02:30", "2026-03-29 02:00:00", datetime(2026, 3, 29, 2, 59)])
def test_a_time_that_the_clocks_skip_is_refused(raw: Any) -> None:
    row = schema_with("datetime").validate({"custom.it": raw}, zone=ZoneInfo("Europe/Berlin"))
    assert not row.values
    assert row.errors[0].message.startswith("It must be a time that exists in Europe/Berlin; ")
    assert row.errors[0].message.endswith(" is skipped as the clocks go forward.")
    assert value_of("datetime", raw)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59:00+00:00"),
        ("2026-03-29T03:00", "2026-03-29T01:00:00+00:00"),
        ("2026-03-29T02:30+01:00", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),
    ],
)
def test_times_around_a_change_of_the_clocks_are_read(raw: str, moment: str) -> None:
    row = schema_with("datetime").validate({"custom.it": raw}, zone=ZoneInfo("Europe/Berlin"))
    assert row.values == {"custom.it": moment}


def test_a_day_whose_midnight_the_clocks_skip_begins_after_it() -> None:
    row = schema_with("datetime").validate({"custom.it": "2018-11-04"}, zone=ZoneInfo("America/Sao_Paulo"))
    assert row.values == {"custom.it": "2018-11-04T03:00:00+00:00"}


@pytest.mark.parametrize("raw", ["0001-01-02T00:00:00Z", "9999-12-30T23:59:59.999999Z"])
def test_a_moment_may_be_a_day_from_the_calendars_ends(raw: str) -> None:
    assert value_of("datetime", raw) == raw.replace("Z", "+00:00")


@pytest.mark.parametrize("raw", ["0001-01-01T23:59:59Z", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_moment_that_is_in_no_year_of_some_zones_is_refused(raw: str) -> None:
    row = Schema([]).validate({"last_seen_at": raw})
    assert row.errors[0].message == f"Last seen must lie between 0001-01-02 and 9999-12-30; “{raw}” is not."


def test_default_text_keeps_to_its_column() -> None:
    schema = Schema(
        [PropertyDefinition(kind="default", key="gender", label="Gender", type="text", max_length=900)]
    )
    (error,) = schema.validate({"gender": "x" * 65}).errors
    assert error.rule == "length"
    assert "at most 64 characters" in error.message


def test_tags_are_unique_without_case_and_have_no_separator() -> None:
    schema = Schema([])
    assert schema.validate({"tags": " VIP ; vip;Beta "}).values == {"tags": ["VIP", "Beta"]}
    assert schema.validate({"tags": ""}).values == {"tags": []}
    assert schema.validate({"tags": ["a;b"]}).errors[0].rule == "characters"
    assert schema.validate({"tags": ["x" * 65]}).errors[0].rule == "length"
    assert schema.validate({"tags": [str(n) for n in range(101)]}).errors[0].rule == "elements"


@pytest.mark.parametrize("name", ["a/b c", "'\"`", "😀", "مرحبا", "x" * 1024, "..", "Ａ"])
def test_a_distinct_id_may_be_nearly_anything(name: str) -> None:
    assert Schema([]).validate({"distinct_id": f"  {name} "}).values == {"distinct_id": name}


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "\ud800", "x" * 1025, "\x9f", ["a"]])
def test_a_distinct_id_has_limits(name: Any) -> None:
    row = Schema([]).validate({"distinct_id": name})
    assert not row.values
    assert row.errors[0].message.startswith("Distinct ID m")


@pytest.mark.parametrize(
    ("word", "status"),
    [("Active", "active"), ("enabled", "active"), (1, "active"), ("DISABLED", "disabled"), ("0", "disabled")],
)
def test_statuses_of_other_systems_are_understood(word: Any, status: str) -> None:
    assert Schema([]).validate({"status": word}).values == {"status": status}


def test_facts_that_cannot_be_unset_are_not_given_when_blank() -> None:
    blank = dict.fromkeys(("status", "environment", "distinct_id", "last_seen_at"), "")
    assert Schema([]).validate(blank).values == {}
    assert Schema([]).validate_many([blank])[0].values == {}
