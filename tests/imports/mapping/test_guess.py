"""What columns most likely mean."""

from typing import Any

import pytest

from profiles.imports import ColumnMapping, Guess, Guessed, Look, guess_mapping
from profiles.schema import Schema


def guessed(schema: Schema, columns: dict[str, list[Any]]) -> Guessed:
    rows = [list(cells) for cells in zip(*columns.values(), strict=True)]
    return guess_mapping(Look(list(columns), rows, list(range(2, len(rows) + 2))), schema)


def one(schema: Schema, name: str, *cells: Any) -> tuple[ColumnMapping, Guess]:
    found = guessed(schema, {name: list(cells)})
    return found.mapping.columns[0], found.guesses[name]


@pytest.mark.parametrize(
    ("name", "to", "cell"),
    [
        ("email", "email", "a@b.co"),
        ("E-Mail", "email", "ana@bücher.example"),
        ("e_mail Adresse", "email", "a@b.co"),
        ("Mail", "email", "a@b.co"),
        ("Courriel", "email", "a@b.co"),
        ("CORREO ELECTRÓNICO", "email", "a@b.co"),
        ("Telefon", "phone", "+49 30 1234567"),
        ("Mobile No.", "phone", "+91 98765 43210"),
        ("User ID", "distinct_id", "u-1"),
        ("customer_id", "distinct_id", "4711"),
        ("External-Id", "distinct_id", "4711"),
        ("Kundennummer", "distinct_id", "4711"),
        ("id", "distinct_id", "4711"),
        ("Vorname", "first_name", "Ana"),
        ("Given Name", "first_name", "Ana"),
        ("Prénom", "first_name", "Ana"),
        ("Surname", "last_name", "Lima"),
        ("Full name", "name", "Ana Lima"),
        ("Date of Birth", "birthday", "1990-01-31"),
        ("Geburtsdatum", "birthday", "31.01.1990"),
        ("Land", "country", "DE"),
        ("Ort", "city", "Ulm"),
        ("Sprache", "language", "de"),
        ("Job title", "title", "Editor"),
        ("Tag", "tags", "vip;new"),
        ("Active?", "custom.active", "maybe"),
        ("is_active", "status", "1"),
        ("Last login", "last_seen_at", "2026-01-31 09:30"),
        ("Shoe size", "custom.shoe_size", "42"),
        ("SHOE-SIZE", "custom.shoe_size", "42"),
        ("custom.shoe_size", "custom.shoe_size", "42"),
        ("channel.sms", "channel.sms", "+4930123456"),
        ("SMS", "channel.sms", "+4930123456"),
    ],
)
def test_names_say_what_columns_mean(schema: Schema, name: str, to: str, cell: str) -> None:
    assert one(schema, name, cell)[0].to == to


@pytest.mark.parametrize(
    ("cells", "to", "reason"),
    [
        (["a@b.co", "c@d.example"], "email", "the values are e-mail addresses"),
        (["+49 30 1234567", "0043 660 1234567"], "phone", "the values are phone numbers"),
        (["DE", "AT", "FR"], "country", "the values are codes of countries"),
    ],
)
def test_values_say_it_where_names_do_not(schema: Schema, cells: list[str], to: str, reason: str) -> None:
    mapping, guess = one(schema, "spalte 7", *cells)
    assert (mapping.to, guess.reason) == (to, reason)


@pytest.mark.parametrize(
    ("cells", "type", "styles"),
    [
        (["yes", "no"], "boolean", {}),
        (["ja", "nein"], "boolean", {"words": "yes_no"}),
        (["5", "17"], "integer", {}),
        (["5.5", "17"], "number", {}),
        (["1.234,50", "3,00"], "number", {"numbers": "comma"}),
        (["1,234.50", "3"], "number", {"numbers": "point"}),
        (["01234", "99999"], "text", {}),
        (["2026-01-31"], "date", {}),
        (["31.01.2026", "01.02.2026"], "date", {"dates": "day_first"}),
        (["31/01/2026", "01/02/2026"], "date", {"dates": "day_first"}),
        (["01/31/2026", "02/01/2026"], "date", {"dates": "month_first"}),
        (["01/31/2026 9:30 PM"], "datetime", {"dates": "month_first"}),
        (["31 Jan 2026", "2 Feb 2026"], "date", {"dates": "auto"}),
        (["a;b", "c;d", "e"], "text_list", {}),
        (["hello", "world, all"], "text", {}),
        ([5, 17.5], "number", {}),
        ([True, False], "boolean", {}),
    ],
)
def test_what_fits_no_property_becomes_one(
    schema: Schema, cells: list[Any], type: str, styles: dict[str, str]
) -> None:
    mapping, guess = one(schema, "My Column!", *cells)
    assert mapping == ColumnMapping("My Column!", "custom.my_column", type=type, label="My Column!", **styles)
    assert guess.reason.startswith("it fits no property; ")


@pytest.mark.parametrize(
    ("name", "cells", "styles"),
    [
        ("joined_at", ["1700000000", "1600000000"], {"dates": "seconds"}),
        ("joined_at", [1700000000000, 1600000000000], {"dates": "milliseconds"}),
        ("birthday", ["2026-01-31", ""], {}),
        ("birthday", ["31.01.1990", "rubbish", "01.02.1990"], {"dates": "day_first"}),
        ("hobbies", ["a,b", "c"], {"separator": ","}),
        ("hobbies", ["a|b,c", "c|d"], {"separator": "|"}),
        ("hobbies", ['["a"]', "[]"], {"separator": "json"}),
        ("hobbies", ["a;b,c"], {}),
        ("shoe size", ["42,5", "39"], {"numbers": "comma"}),
        ("phone", ["491701234567", "4366012345678"], {"prefix": "+"}),
        ("phone", [491701234567], {"prefix": "+"}),
        ("phone", ["+49 30 123456"], {}),
        ("country", ["Germany", "AT"], {"words": "countries"}),
        ("member", ["oui", "non"], {"words": "yes_no"}),
    ],
)
def test_how_cells_are_written_is_seen(
    schema: Schema, name: str, cells: list[Any], styles: dict[str, str]
) -> None:
    mapping, _ = one(schema, name, *cells)
    given = {key: getattr(mapping, key) for key in ("dates", "numbers", "separator", "prefix", "words")}
    assert {key: value for key, value in given.items() if value} == styles


@pytest.mark.parametrize(
    ("name", "cells", "certainty", "reason"),
    [
        ("email", ["a@b.co"], "sure", "the name is that of a property"),
        ("E-Mail", ["a@b.co"], "sure", "the name says email"),
        ("E-Mail", ["a@b.co", "nobody"], "unsure", "the name says email, but not every value does"),
        ("Born", ["01/02/1990", "03/04/1991"], "unsure", "could also begin with the month"),
        ("Phone number", ["0170 1234567"], "unsure", "numbers lack their country code: choose it"),
        ("whatever", ["x"], "likely", "it fits no property; text by its values"),
        ("whatever", ["", None], "likely", "no value in the first rows"),
    ],
)
def test_each_guess_says_how_certain_it_is_and_why(
    schema: Schema, name: str, cells: list[Any], certainty: str, reason: str
) -> None:
    _, guess = one(schema, name, *cells)
    assert guess.certainty == certainty
    assert reason in guess.reason


def test_no_two_columns_go_to_one_place(schema: Schema) -> None:
    found = guessed(
        schema,
        {
            "mail": ["x"],
            "E-Mail": ["a@b.co"],
            "email (2)": ["c@d.co"],
            "work mail": ["c@d.co"],
            "my col": ["x"],
            "my-col": ["y"],
        },
    )
    targets = [each.to for each in found.mapping.columns]
    assert targets == [
        "custom.mail",
        "email",
        "custom.email_2",
        "custom.work_mail",
        "custom.my_col",
        "custom.my_col_2",
    ]
    assert found.mapping.problems([each.column for each in found.mapping.columns], schema) == []


def test_what_profiles_keeps_itself_is_passed_over_beside_a_distinct_id(schema: Schema) -> None:
    columns = {
        "line": ["5"],
        "error": ["Bad."],
        "id": ["x"],
        "distinct_id": ["ana"],
        "created_at": ["2026-01-31"],
    }
    assert [each.to for each in guessed(schema, columns).mapping.columns] == ["", "", "", "distinct_id", ""]
    columns = {"line": ["5"], "id": ["x"], "created_at": ["2026-01-31"]}
    found = [each.to for each in guessed(schema, columns).mapping.columns]
    assert found == ["", "distinct_id", "custom.created_at"]


def test_an_archived_property_is_not_made_again(schema: Schema) -> None:
    assert one(schema, "Old", "x")[0] == ColumnMapping("Old")


def test_people_without_an_id_are_matched_by_mail(schema: Schema) -> None:
    assert guessed(schema, {"mail": ["a@b.co"]}).mapping.match == "email"
    assert guessed(schema, {"mail": ["a@b.co"], "id": ["7"]}).mapping.match == "distinct_id"


def test_a_file_without_rows_is_guessed_by_names_alone(schema: Schema) -> None:
    found = guessed(schema, {"email": [], "whatever": []})
    assert [each.to for each in found.mapping.columns] == ["email", ""]
