"""Mappings: as documents, against a file and a schema, and what they make of rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from profiles.errors import Refused
from profiles.imports import ColumnMapping, Mapping, RawIdentifier, RawRow, Unreadable, open_source, table_of
from profiles.schema import Schema

FULL = Mapping(
    (
        ColumnMapping("Nr.", "distinct_id"),
        ColumnMapping("Born", "birthday", dates="day_first"),
        ColumnMapping("Spent", "custom.spent", type="number", label="Money spent", numbers="comma"),
        ColumnMapping("Likes", "custom.hobbies", separator="|"),
        ColumnMapping("Tel", "identifier.phone_number", prefix="+49"),
        ColumnMapping("Member?", "custom.member", words="yes_no"),
        ColumnMapping("Note"),
    ),
    blank="clear",
    bad="value",
    existing="keep",
    match="phone_number",
    mode="replace",
    environment="test",
    zone="Europe/Berlin",
)


def test_it_survives_as_a_document() -> None:
    document = json.loads(json.dumps(FULL.as_json()))
    assert Mapping.from_json(document) == FULL
    assert document["columns"][-1] == {"column": "Note"}


def test_a_document_need_not_say_everything() -> None:
    assert Mapping.from_json({}) == Mapping()
    assert Mapping.from_json({"columns": [{"column": "a"}]}).columns == (ColumnMapping("a"),)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (None, "has to be a JSON object"),
        ([], "has to be a JSON object"),
        ({"columns": {}}, "“columns” of a mapping has to be a list"),
        ({"columns": [{"column": "a"}] * 2_001}, "at most 2,000 columns"),
        ({"columns": ["email"]}, "has to be a JSON object"),
        ({"columns": [{}]}, "needs a “column”"),
        ({"columns": [{"column": ""}]}, "needs a “column”"),
        ({"columns": [{"column": 5}]}, "“column” of a mapping has to be a text"),
        ({"columns": [{"column": "a" * 1_001}]}, "at most 1,000 characters"),
        ({"columns": [{"column": "a\0"}]}, "“column” of a mapping has to be a text"),
        ({"columns": [{"column": "a", "target": "x"}]}, "A column of a mapping has no “target”"),
        (
            {"columns": [{"column": "a", "to": "custom.a", "type": "colour"}]},
            "“a”: there is no type “colour”.",
        ),
        (
            {"columns": [{"column": "a", "to": "email", "type": "text"}]},
            "only a custom property can be created",
        ),
        ({"columns": [{"column": "a", "dates": "dd.mm"}]}, "“dates” is one of auto, iso"),
        ({"columns": [{"column": "a", "numbers": "german"}]}, "“numbers” is point"),
        ({"columns": [{"column": "a", "prefix": "49"}]}, "“prefix” is + and a country code"),
        ({"columns": [{"column": "a", "words": "x"}]}, "“words” is one of"),
        ({"blank": "maybe"}, "“blank” of a mapping is one of ignore, clear."),
        ({"mode": "delete"}, "“mode” of a mapping is one of"),
        ({"match": ""}, "“match” of a mapping is"),
        ({"match": None}, "“match” of a mapping has to be a text"),
        ({"zone": "Mars/Olympus"}, "no time zone “Mars/Olympus”"),
        ({"version": "2"}, "A mapping has no “version”; it has blank"),
        ({5: "x"}, "A mapping has no “5”"),
    ],
)
def test_what_is_no_mapping_is_refused_with_a_sentence(document: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        Mapping.from_json(document)
    assert sentence in str(refused.value)


def problems(
    schema: Schema, *columns: ColumnMapping, header: list[str] | None = None, **policies: Any
) -> list[str]:
    names = header or [each.column for each in columns]
    return [problem.sentence for problem in Mapping(columns, **policies).problems(names, schema)]


def test_a_mapping_that_fits_has_no_problems(schema: Schema) -> None:
    columns = (
        ColumnMapping("a", "distinct_id"),
        ColumnMapping("b", "custom.new", type="text"),
        ColumnMapping("c"),
    )
    assert problems(schema, *columns) == []


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ([("a", "emial")], "There is no property “emial” (did you mean email?)."),
        ([("a", "custom.gone")], "There is no property “custom.gone”"),
        ([("a", "custom.old")], "Old is archived and takes no values"),
        ([("a", "identifier.")], "There is no property “identifier.”"),
        ([("a", "email"), ("b", "email")], "The columns “a” and “b” both go to email; choose one."),
        ([("a", "email"), ("a", "city")], "names the column “a” more than once"),
        ([("a", "")], "No column goes anywhere"),
        ([("a", "custom.old", "text")], "There is an archived property custom.old already"),
        ([("a", "custom.member", "text")], "There is a property custom.member already, which is yes or no."),
        ([("a", "email", "text")], "Only custom properties can be created"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(
    schema: Schema, columns: list[tuple[str, ...]], sentence: str
) -> None:
    assert any(sentence in each for each in problems(schema, *(ColumnMapping(*each) for each in columns)))


@pytest.mark.parametrize(
    ("policies", "sentence"),
    [
        ({"match": "email"}, "matched by e-mail, but no column goes to email"),
        ({"match": "phone"}, "matched by phone, but no column goes to phone"),
        ({"match": "crm"}, "matched by crm, but no column goes to identifier.crm"),
        ({"mode": "update"}, "No column goes to distinct_id"),
    ],
)
def test_people_need_something_to_be_found_by(
    schema: Schema, policies: dict[str, Any], sentence: str
) -> None:
    (problem,) = problems(schema, ColumnMapping("a", "city"), **policies)
    assert sentence in problem


def test_a_preset_of_another_file_names_what_is_missing(schema: Schema) -> None:
    column = ColumnMapping("Mail", "email")
    assert problems(schema, column, header=["E-Mail"]) == [
        "The file has no column “Mail”, which the mapping reads."
    ]
    with pytest.raises(Unreadable, match="The file has no column “Mail”"):
        Mapping((column,)).bound_to(["E-Mail"])


def mapped(path: Path, content: str, *columns: ColumnMapping, **policies: Any) -> list[RawRow]:
    (path / "people.csv").write_text(content)
    return list(table_of(open_source(str(path / "people.csv")), mapping=Mapping(columns, **policies)))


def test_cells_go_where_the_mapping_says(tmp_path: Path) -> None:
    (row,) = mapped(
        tmp_path,
        'Nr.,Note,Born,Spent,Likes,Tel,Member?\n7,x,31/01/1990,"1.234,5",a| b,030 1234567,ja\n',
        *FULL.columns,
    )
    assert row.values == {
        "distinct_id": "7",
        "birthday": "1990-01-31",
        "custom.spent": "1234.5",
        "custom.hobbies": ["a", "b"],
        "custom.member": True,
    }
    assert row.identifiers == (RawIdentifier("+49301234567", "phone_number"),)
    assert row.original == ["7", "x", "31/01/1990", "1.234,5", "a| b", "030 1234567", "ja"]


def test_a_cell_that_cannot_be_read_so_is_left_out_with_a_reason(tmp_path: Path) -> None:
    column = ColumnMapping("Born", "birthday", dates="day_first")
    (row,) = mapped(tmp_path, "Nr,Born\n7,01/31/1990\n", ColumnMapping("Nr", "distinct_id"), column)
    assert row.values == {"distinct_id": "7"}
    assert row.unread == {"birthday": "Column “Born”: “01/31/1990” is not a day or a time that exists."}


@pytest.mark.parametrize(
    ("blank", "values"), [("ignore", {"city": "Ulm"}), ("clear", {"city": "Ulm", "phone": None})]
)
def test_blank_cells_are_absent_or_clear(tmp_path: Path, blank: str, values: dict[str, Any]) -> None:
    columns = (ColumnMapping("a", "city"), ColumnMapping("b", "phone", prefix="+"), ColumnMapping("c"))
    (row,) = mapped(tmp_path, "a,b,c\nUlm, ,\n", *columns, blank=blank)
    assert row.values == values


def test_headers_may_be_doubled_and_missing(tmp_path: Path) -> None:
    columns = (
        ColumnMapping("mail", "email"),
        ColumnMapping("mail (3)", "custom.mail"),
        ColumnMapping("Column 4", "city"),
    )
    (row,) = mapped(tmp_path, "mail, mail ,mail,,mail (2)\na,b,c,d,e\n", *columns)
    assert row.values == {"email": "a", "custom.mail": "c", "city": "d"}


def test_what_profiles_keeps_itself_may_be_mapped(tmp_path: Path) -> None:
    columns = (ColumnMapping("id", "distinct_id"), ColumnMapping("created_at", "custom.joined_at"))
    (row,) = mapped(tmp_path, "id,created_at,error\n7,2026-01-31,x\n", *columns)
    assert row.values == {"distinct_id": "7", "custom.joined_at": "2026-01-31"}
