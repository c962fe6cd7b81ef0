"""Rows of CSV: line numbers, and what is wrong with a row."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from profiles.imports import CsvTable, Damaged, Position, RawRow, Source, Unreadable, open_source
from profiles.imports import table_of as every_table
from profiles.imports.rows import LONGEST_ROW


def table_of(path: Path, content: str, **options: str) -> CsvTable:
    path = path / "people.csv"
    path.write_text(content, encoding="utf-8", errors="surrogateescape", newline="")
    return CsvTable(open_source(str(path)), **options)


def rows_of(path: Path, content: str) -> list[RawRow]:
    return list(table_of(path, content))


def short(rows: list[RawRow]) -> list[tuple[int, str]]:
    return [(row.line, row.problem or row.values["distinct_id"]) for row in rows]


def test_it_gives_values_by_path_without_the_empty_ones(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, " distinct_id ,email,custom.plan,city\nana,a@example.com,, \n")
    assert row.values == {"distinct_id": "ana", "email": "a@example.com"}
    assert row.original == ["ana", "a@example.com", "", " "]


def test_columns_that_profiles_keeps_itself_are_passed_over(tmp_path: Path) -> None:
    table = table_of(tmp_path, "line,error,distinct_id,created_at\n7,Bad.,ana,2020-01-01\n")
    assert table.paths == ["distinct_id"]
    assert table.ignored == {"line", "error", "created_at"}
    assert next(iter(table)).values == {"distinct_id": "ana"}


def test_blanks_around_a_name_and_its_key_mean_nothing(tmp_path: Path) -> None:
    table = table_of(tmp_path, "distinct_id, custom. my plan ,channel .sms\nana,pro,+1\n")
    assert table.paths == ["distinct_id", "custom.my plan", "channel.sms"]


def test_an_id_beside_the_distinct_id_is_passed_over(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,distinct_id\n7,ana\n")
    assert (table.paths, table.ignored) == (["distinct_id"], {"id"})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_the_file_has_them(tmp_path: Path, end: str) -> None:
    lines = ["distinct_id,city", "ana,x", "", 'bob,"two', 'lines"', "cem,y"]
    rows = rows_of(tmp_path, end.join(lines))
    assert short(rows) == [(2, "ana"), (4, "bob"), (6, "cem")]
    assert rows[1].values["city"] == f"two{end}lines"


def test_the_apostrophe_that_guards_a_formula_is_taken_away(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, "distinct_id,name,city,title,gender\n'-7,''=1+1,O'Brien,'s,'@home\n")
    assert row.values == {
        "distinct_id": "-7",
        "name": "'=1+1",
        "city": "O'Brien",
        "title": "'s",
        "gender": "@home",
    }
    assert row.original == ["'-7", "''=1+1", "O'Brien", "'s", "'@home"]


def test_ragged_rows_say_how_many_fields_there_are(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "distinct_id,city\nana\nbob,x,y\ncem,z\n")
    assert short(rows) == [
        (2, "The row has 1 field, the header has 2."),
        (3, "The row has 3 fields, the header has 2."),
        (4, "cem"),
    ]


@pytest.mark.parametrize("length", [10, 40_000])
def test_a_quote_that_never_closes_costs_its_row_only(tmp_path: Path, length: int) -> None:
    people = "".join(f"user-{n},x\n" for n in range(length))
    rows = rows_of(tmp_path, f'distinct_id,city\nana,x\nbob,"oops\n{people}')
    assert short(rows[:3]) == [
        (2, "ana"),
        (3, "The quote opened in line 3 is never closed."),
        (4, "user-0"),
    ]
    assert rows[1].original == ['bob,"oops']
    assert len(rows) == length + 2
    assert rows[-1].line == length + 3


def test_a_quote_within_a_value_has_to_be_doubled(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'distinct_id,city\nana,"5" pipe"\nbob,"5"" pipe"\ncem,5" pipe\n')
    assert [row.values.get("city") or row.problem for row in rows] == [
        'A quote in a quoted value has to be doubled ("").',
        '5" pipe',
        '5" pipe',
    ]


def test_a_quote_that_ends_in_the_middle_of_a_later_line_costs_its_row_only(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, 'distinct_id,city\nana,"x\n"bob",y\ncem,z\n')
    assert short(rows)[1:] == [(3, "bob"), (4, "cem")]
    assert rows[0].problem.startswith("The quote opened in line 2 ends within line 3.")


def test_a_row_of_many_megabytes_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    huge = "x" * (2 * LONGEST_ROW)
    rows = rows_of(tmp_path, f"distinct_id,city\nana,{huge}\nbob,{'y,' * LONGEST_ROW}\ncem,z\n")
    assert short(rows) == [
        (2, "The row is longer than 1,048,576 characters."),
        (3, "The row is longer than 1,048,576 characters."),
        (4, "cem"),
    ]


def test_bytes_that_are_no_text_cost_their_row_only(tmp_path: Path) -> None:
    people = f"user,{'x' * 500_000}\n" * 3
    rows = rows_of(tmp_path, f"distinct_id,city\n{people}ana,M\udcfcnchen\nbob,Köln\n")
    assert rows[-2].problem.startswith("Line 5 is not text in the file's encoding: byte 0xFC after “ana,M”")
    assert rows[-1].values["city"] == "Köln"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("distinct_id,email,email\n", "more than once: “email”"),
        ("distinct_id,custom. zz,custom.zz\n", "more than once: “custom.zz”"),
        ("id,email\n", "names no distinct ID: “id” is what .* goes into “distinct_id”"),
        ("distinct_id,,email\n", "Column 2 has no name"),
        ('"distinct_id,email\nana,x\n', "header cannot be read: The quote opened in line 1"),
    ],
)
def test_a_header_that_cannot_be_used_refuses_the_file(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        table_of(tmp_path, content)


def test_only_a_header_is_no_row(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "distinct_id,email") == []


def test_another_delimiter_can_be_named(tmp_path: Path) -> None:
    (row,) = table_of(tmp_path, "distinct_id;city\nana;x,y\n", delimiter=";")
    assert row.values == {"distinct_id": "ana", "city": "x,y"}


def test_tsv_is_separated_by_tabs(tmp_path: Path) -> None:
    path = tmp_path / "people.tsv"
    path.write_text("distinct_id\tcity\nana\tx, y\n")
    (row,) = CsvTable(open_source(str(path)))
    assert row.values == {"distinct_id": "ana", "city": "x, y"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_separates_the_columns_is_seen_in_the_header(tmp_path: Path, delimiter: str) -> None:
    content = (
        f'\ndistinct_id{delimiter}"custom.a{delimiter},;|b"{delimiter}city\nana{delimiter}x{delimiter}"y,;"\n'
    )
    table = table_of(tmp_path, content)
    assert table.delimiter == delimiter
    assert next(iter(table)).values["city"] == "y,;"


def rows_again(path: Path, content: bytes, name: str = "again.csv", **options: str) -> None:
    """Whatever row a reading ended with, going on after it gives the others."""
    (path / name).write_bytes(content)

    def read(at: Position | None = None) -> list[tuple[int, Any, str]]:
        source = open_source(str(path / name), **options)  # type: ignore[arg-type]
        return [(row.line, row.original, row.problem) for row in all_rows(source, at)]

    def all_rows(source: Source, at: Position | None) -> list[RawRow]:
        return list(every_table(source, at=at))

    whole = read()
    for number, row in enumerate(all_rows(open_source(str(path / name), **options), None), 1):  # type: ignore[arg-type]
        assert read(row.position) == whole[number:]


ODD = (
    'distinct_id,city\r\nana,"Würz\nburg"\r\n\r\nböb,"never closed\r\ncem,x\r\n dora,Ñ\r\n'
    'eve,"a"b\nfay\n' + "g" * (LONGEST_ROW + 5) + ",ü" * 9 + "\nhal,z\rivy,1\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "shift_jis"])
def test_reading_goes_on_after_any_row(tmp_path: Path, encoding: str) -> None:
    text = ODD if encoding != "shift_jis" else ODD.replace("ü", "か").replace("ö", "か").replace("Ñ", "表")
    rows_again(tmp_path, text.encode(encoding), encoding="" if encoding.startswith("utf") else encoding)


def test_reading_goes_on_after_any_row_of_a_packed_file(tmp_path: Path) -> None:
    rows_again(tmp_path, gzip.compress(ODD.encode()), "again.csv.gz")


def test_reading_goes_on_after_bytes_that_are_no_text(tmp_path: Path) -> None:
    people = f"user,{'x' * 500_000}\n" * 3
    rows_again(tmp_path, f"distinct_id,city\n{people}".encode() + b"ana,M\xfcnchen\xff\nbob,y\n")


def test_a_file_that_became_shorter_cannot_be_read_on(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("distinct_id,city\nana,x\n")
    with pytest.raises(Damaged, match="cut off"):
        list(CsvTable(open_source(str(tmp_path / "people.csv")), at=Position(90, 1_000)))
