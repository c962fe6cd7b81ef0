"""The first rows of a file, before and after a mapping."""

import gzip
import json
from pathlib import Path
from typing import Any

from profiles.imports import (
    ColumnMapping,
    Mapping,
    ShownCell,
    ShownRow,
    first_rows,
    guess_mapping,
    look_at,
    open_source,
)
from profiles.schema import Schema

CSV = """\ufeffNr;Mail;Born;Mail;;Spent
1;ana@example.com;31/01/1990;x;;"1.234,5"
2;nobody;01/31/1990;;;12
3
4;cem@example.com;29/02/1900;;;oops
"""


def written(path: Path, content: str = CSV) -> str:
    path = path / "people.csv"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_a_look_shows_cells_as_they_are(tmp_path: Path) -> None:
    look = look_at(open_source(written(tmp_path)))
    assert look.header == ["Nr", "Mail", "Born", "Mail (2)", "Column 5", "Spent"]
    assert look.rows[0] == ["1", "ana@example.com", "31/01/1990", "x", "", "1.234,5"]
    assert (look.lines, look.delimiter, look.is_all) == ([2, 3, 5], ";", True)
    assert look.problems == [(4, "The row has 1 field, the header has 6.")]
    assert look.column("Born") == ["31/01/1990", "01/31/1990", "29/02/1900"]


def test_a_look_ends_after_so_many_rows(tmp_path: Path) -> None:
    look = look_at(open_source(written(tmp_path)), rows=2)
    assert (len(look.rows), look.is_all) == (2, False)


def test_a_look_at_objects_has_a_column_for_each_of_their_keys(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"a": 1, "b": {"c": [2]}}\n{"a": null, "d": true}\n[]\n')
    look = look_at(open_source(str(path)))
    assert (look.header, look.rows) == (["a", "b.c", "d"], [[1, [2], None], [None, None, True]])
    assert look.problems == [(3, "Each line has to be one JSON object.")]


def test_a_look_at_a_file_that_breaks_off_says_so(tmp_path: Path) -> None:
    content = gzip.compress("".join(f"{n},{n * 7919 % 10007}\n" for n in range(200_000)).encode())
    (tmp_path / "people.csv.gz").write_bytes(content[:2_000])
    look = look_at(open_source(str(tmp_path / "people.csv.gz")), rows=100_000)
    assert look.is_all
    assert "it was cut off" in look.problems[-1][1]


def cells(row: ShownRow) -> list[tuple[Any, ...]]:
    return [(cell.path, cell.raw, cell.value, cell.problem) for cell in row.cells if cell.path]


def test_first_rows_are_shown_as_they_will_be_read(tmp_path: Path, schema: Schema) -> None:
    columns = (
        ColumnMapping("Nr", "distinct_id"),
        ColumnMapping("Mail", "email"),
        ColumnMapping("Born", "birthday", dates="day_first"),
        ColumnMapping("Mail (2)", "identifier.crm"),
        ColumnMapping("Spent", "custom.spent", type="number", label="Spent", numbers="comma"),
    )
    first, second, third, fourth = first_rows(open_source(written(tmp_path)), Mapping(columns), schema)
    assert cells(first) == [
        ("distinct_id", "1", "1", ""),
        ("email", "ana@example.com", "ana@example.com", ""),
        ("birthday", "31/01/1990", "1990-01-31", ""),
        ("identifier.crm", "x", "x", ""),
        ("custom.spent", "1.234,5", 1234.5, ""),
    ]
    assert cells(second)[1] == (
        "email",
        "nobody",
        None,
        "Email must be an e-mail address like ana@example.com; “nobody” is not.",
    )
    assert cells(second)[2][3] == "Column “Born”: “01/31/1990” is not a day or a time that exists."
    assert third == ShownRow(4, "The row has 1 field, the header has 6.")
    assert [cell[3] for cell in cells(fourth)[2:]] == [
        "Column “Born”: “29/02/1900” is not a day or a time that exists.",
        "",
        "Column “Spent”: “oops” is not a number written like 1.234,5.",
    ]
    assert first.cells[4] == ShownCell("Column 5", "", "")


def test_a_definition_that_was_tightened_shows_in_the_cells(tmp_path: Path, schema: Schema) -> None:
    columns = (
        ColumnMapping("Nr", "custom.member"),
        ColumnMapping("Born", "custom.gone"),
        ColumnMapping("Spent", "custom.old"),
    )
    rows = first_rows(open_source(written(tmp_path)), Mapping(columns), schema, n=2)
    assert [cell.problem for cell in rows[0].cells if cell.problem] == [
        "There is no property “custom.gone” (did you mean custom.joined_at or custom.hobbies?).",
        "Old is archived and takes no values; “1.234,5” was given.",
    ]
    assert rows[1].cells[0].problem == "Member must be yes or no; “2” is not."


def test_phones_mails_and_odd_characters_of_many_countries(tmp_path: Path, schema: Schema) -> None:
    people = [
        ("+1 (415) 555-0100", "a@example.com", "+14155550100"),
        ("0044 20 7946 0958", "zoë@example.co.uk", "+442079460958"),
        ("+91 98765 43210", "राम@example.in", "+919876543210"),
        ("+86 138 0013 8000", "张@例子.中国", "+8613800138000"),
        ("+55 11 91234-5678", "joão@exemplo.com.br", "+5511912345678"),
        ("+971.50.123.4567", "a.b+c@example.ae", "+971501234567"),
    ]
    lines = "".join(f"{n},{phone},{mail}\n" for n, (phone, mail, _) in enumerate(people))
    path = written(tmp_path, "id,Phone,Mail\n" + lines)
    mapping = guess_mapping(look_at(open_source(path)), schema).mapping
    rows = first_rows(open_source(path), mapping, schema)
    assert [[cell.problem for cell in row.cells] for row in rows] == [["", "", ""]] * len(people)
    assert [row.cells[1].value for row in rows] == [phone for _, _, phone in people]


def test_nul_is_said_to_be_the_trouble(tmp_path: Path, schema: Schema) -> None:
    path = written(tmp_path, "id,city\n7,U\0lm\n")
    columns = (ColumnMapping("id", "distinct_id"), ColumnMapping("city", "city"))
    (row,) = first_rows(open_source(path), Mapping(columns), schema)
    assert row.cells[1].problem == "City may not contain characters that cannot be stored; “U�lm” does."


def test_numbers_beyond_a_double_are_refused_in_words(tmp_path: Path, schema: Schema) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": "7", "size": ' + "9" * 400 + '}\n{"id": "8", "size": 1e999}\n')
    columns = (ColumnMapping("id", "distinct_id"), ColumnMapping("size", "custom.shoe_size"))
    first, second = first_rows(open_source(str(path)), Mapping(columns), schema)
    assert "must be a number of at most 15 digits" in first.cells[1].problem
    assert "1e999 is too large for a number" in second.problem


def test_an_export_is_shown_by_path(tmp_path: Path, schema: Schema) -> None:
    path = tmp_path / "export.json"
    call = {"type": "identify", "userId": "ana", "traits": {"email": "a@b.co", "plan": "pro"}}
    path.write_text(json.dumps([call, {"type": "track", "userId": "ana"}]))
    look = look_at(open_source(str(path)), origin="segment")
    mapping = guess_mapping(look, schema).mapping
    first, second = first_rows(open_source(str(path)), mapping, schema, origin="segment")
    assert cells(first) == [
        ("distinct_id", "ana", "ana", ""),
        ("email", "a@b.co", "a@b.co", ""),
        ("custom.plan", "pro", "pro", ""),
    ]
    assert second.problem == "A “track” call holds no profile: only identify calls do."
