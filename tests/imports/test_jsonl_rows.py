"""Rows of JSON lines."""

from pathlib import Path

import pytest

from profiles.imports import ColumnMapping, JsonlTable, Mapping, Position, RawRow, open_source


def rows_of(path: Path, content: str) -> list[RawRow]:
    path = path / "people.jsonl"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    return list(JsonlTable(open_source(str(path))))


def test_it_flattens_custom_and_channels(tmp_path: Path) -> None:
    content = (
        '{"distinct_id": "ana", "custom": {"plan": "pro", "a.b": 1}, "channels": {"sms": "+1"},'
        ' "custom.seats": 5, "tags": ["x"], "city": null, "line": 3, "error": "Bad."}\n'
    )
    (row,) = rows_of(tmp_path, content)
    assert row.values == {
        "distinct_id": "ana",
        "custom.plan": "pro",
        "custom.a.b": 1,
        "channel.sms": "+1",
        "custom.seats": 5,
        "tags": ["x"],
        "city": None,
    }


def test_blanks_around_a_key_mean_nothing(tmp_path: Path) -> None:
    (row,) = rows_of(
        tmp_path,
        '{" distinct_id ": "ana", "custom. a": 1, " custom ": {" b ": 2}, "channel": {" sms": "+1"}}\n',
    )
    assert row.values == {"distinct_id": "ana", "custom.a": 1, "custom.b": 2, "channel.sms": "+1"}


def test_keys_that_profiles_keeps_itself_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text(
        '{"distinct_id": "ana", "id": 7}\n{"distinct_id": "b", "sources": 1}'
    )
    table = JsonlTable(open_source(str(tmp_path / "people.jsonl")))
    assert [row.values for row in table] == [{"distinct_id": "ana"}, {"distinct_id": "b"}]
    assert table.ignored == {"id", "sources"}


def test_empty_lines_are_no_rows_but_are_counted(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, '\n{"distinct_id": "ana"}\r\n  \n{"distinct_id": "bob"}')
    assert [(row.line, row.values["distinct_id"]) for row in rows] == [(2, "ana"), (4, "bob")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"distinct_id": "ana"', "Not valid JSON"),
        ("[1, 2]", "one JSON object"),
        ("null", "one JSON object"),
        ('"text"', "one JSON object"),
        ('{"email": "a", "email": "b"}', "more than once: email"),
        ('{"custom": {"plan": 1, "plan": 2}}', "more than once: plan"),
        ('{"custom": {"plan": 1}, "custom.plan": 2}', "more than once: custom.plan"),
        ('{"custom": {" plan": 1, "plan": 2}}', "more than once: custom.plan"),
        ('{"custom. plan": 1, "custom.plan": 2}', "more than once: custom.plan"),
        ('{"id": 7, "email": "a@example.com"}', "no distinct ID: “id” is what"),
        ('{"custom.x": 1e400}', "1e400 is too large for a number"),
        ('{"custom.x": [-1e400]}', "-1e400 is too large for a number"),
        ('{"custom": 5}', "“custom” has to be an object"),
        ('{"custom.x": NaN}', "NaN is not valid JSON"),
        ('{"custom.x": -Infinity}', "Infinity is not valid JSON"),
        ('{"custom.x": ' + "9" * 5_000 + "}", "5,000 digits"),
        ("[" * 100_000, "nested too deeply"),
        ('{"city": "M\udcfcnchen"}', "byte 0xFC"),
        ('{"city": "' + "x" * 2_000_000 + '"}', "longer than"),
        ('{"raw": "{broken"}', "in place of “raw”"),
    ],
)
def test_a_broken_line_is_a_problem_of_its_own_row(tmp_path: Path, line: str, problem: str) -> None:
    padding = f'{{"city": "{"x" * 500_000}"}}\n' * 3
    rows = rows_of(tmp_path, f'{padding}{line}\n{{"distinct_id": "bob"}}\n')
    assert problem in rows[-2].problem
    assert rows[-2].line == 4
    assert rows[-1].values == {"distinct_id": "bob"}


def test_one_array_of_objects_is_read_like_lines(tmp_path: Path) -> None:
    content = '[\n {"distinct_id": "ana", "custom": {"plan": "pro"}},\n 5, {"email": "a"}\n]\n'
    rows = rows_of(tmp_path, content)
    assert [(row.line, row.values) for row in rows] == [
        (1, {"distinct_id": "ana", "custom.plan": "pro"}),
        (2, {}),
        (3, {"email": "a"}),
    ]
    assert rows[1].problem == "Each record has to be one JSON object."


def test_a_mapping_knows_objects_within_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text(
        '{"Mail": "a@b.co", "address": {"city": "Ulm", "geo": {"lat": 1, "lon": 2}}, "n": null}\n{"x": 1}\n'
    )
    columns = (
        ColumnMapping("Mail", "email"),
        ColumnMapping("address.city", "city"),
        ColumnMapping("address.geo", "custom.place"),
        ColumnMapping("n", "phone"),
    )
    table = JsonlTable(open_source(str(tmp_path / "people.jsonl")), mapping=Mapping(columns))
    assert [row.values for row in table] == [
        {"email": "a@b.co", "city": "Ulm", "custom.place": {"lat": 1, "lon": 2}, "phone": None},
        {},
    ]
    assert table.ignored == {"x"}


def test_reading_goes_on_after_any_line(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"distinct_id": "añá"}\r\n\n{broken\n{"distinct_id": "bob"}')
    rows = list(JsonlTable(open_source(str(path))))
    for number, row in enumerate(rows, 1):
        assert list(JsonlTable(open_source(str(path)), at=Position(*row.position))) == rows[number:]
