"""The file of rejected rows has what the imported file had, byte by byte."""

import json
from pathlib import Path

import pytest

from profiles.imports import open_source, reject_lines, restored, storable, table_of, without_added

CASES = {
    "people.csv": (
        'distinct_id,city\nana,"a ""b"",\nc"\nbob\ncem,"x\n',
        'line,error,distinct_id,city\n2,Bad. Very bad.,ana,"a ""b"",\nc"\n4,Bad. Very bad.,bob\n'
        '5,Bad. Very bad.,"cem,""x"\n',
    ),
    "people.tsv": (
        "distinct_id\tcity\nana\tb\n",
        "line\terror\tdistinct_id\tcity\n2\tBad. Very bad.\tana\tb\n",
    ),
    "again.csv": (
        "line,error,distinct_id,city\n17,Old.,ana,b\n18,Old.,bob\n",
        "line,error,distinct_id,city\n2,Bad. Very bad.,ana,b\n3,Bad. Very bad.,bob\n",
    ),
    "people.jsonl": (
        '{"distinct_id": "añá", "custom": {"n": 1.50}, "line": 3, "error": "Old."}\n{broken\n',
        '{"line": 1, "error": "Bad. Very bad.", "distinct_id": "añá", "custom": {"n": 1.5}}\n'
        '{"line": 2, "error": "Bad. Very bad.", "raw": "{broken"}\n',
    ),
    "surrogates.jsonl": (
        '{"distinct_id": "ana", "name": "\\ud800", "\\udcfc": ["\\uDfFf"]}\n',
        '{"line": 1, "error": "Bad. Very bad.",'
        ' "distinct_id": "ana", "name": "\\ud800", "\\udcfc": ["\\udfff"]}\n',
    ),
    "again.jsonl": (
        '{"line": 7, "error": "Old.", "raw": "{broken"}\n{"id": 7, "name": "Ana"}\n',
        '{"line": 1, "error": "Bad. Very bad.", "raw": "{broken"}\n'
        '{"line": 2, "error": "Bad. Very bad.", "id": 7, "name": "Ana"}\n',
    ),
    "infinite.jsonl": (
        '{"distinct_id": "ana", "custom.x": 1e400}\n',
        '{"line": 1, "error": "Bad. Very bad.",'
        ' "raw": "{\\"distinct_id\\": \\"ana\\", \\"custom.x\\": 1e400}"}\n',
    ),
}


def rejects_of(path: Path) -> bytes:
    """As if all rows had been refused, by way of the database."""
    table = table_of(open_source(str(path)))
    reasons = ["Bad.", "Very bad."]
    rows = [(row.line, [row.problem] if "text" in row.problem else reasons, row.original) for row in table]
    stored = [(line, why, json.loads(json.dumps(storable(original)))) for line, why, original in rows]
    lines = reject_lines(
        table.header, table.delimiter, ((line, why, restored(original)) for line, why, original in stored)
    )
    return "".join(lines).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", CASES)
def test_it_repeats_the_row_after_line_and_error(tmp_path: Path, name: str) -> None:
    content, expected = CASES[name]
    (tmp_path / name).write_text(content)
    assert rejects_of(tmp_path / name).decode() == expected


def test_bytes_that_were_no_text_are_kept_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"distinct_id,city\n" + b"x,y\n" * 300_000 + b"ana,M\xfcnchen\n")
    assert rejects_of(tmp_path / "people.csv").endswith(b",ana,M\xfcnchen\n")


def test_a_column_called_error_stays_where_it_means_something() -> None:
    rows = [(2, ["Bad."], ["ana", "E7"])]
    lines = list(reject_lines(["distinct_id", "error"], ",", rows, taken={"error"}))
    assert lines == ["line,distinct_id,error\n", "2,ana,E7\n"]


@pytest.mark.parametrize("text", ["a\0b", "\udcfc", "\uf8ff", "\uf8ff0041", "plain", "\ud83d\ude00"])
def test_any_text_can_be_stored_and_restored(text: str) -> None:
    original = {text: [text, {"x": text}, 1, None]}
    stored = storable(original)
    assert restored(json.loads(json.dumps(stored))) == original
    assert "\0" not in json.dumps(stored)
    assert not any("\ud800" <= letter <= "\udfff" for key in stored for letter in key)


def test_only_together_are_the_two_columns_those_of_such_a_file() -> None:
    assert without_added({"line", "error", "id"}) == {"id"}
    assert without_added({"line", "id"}) == {"line", "id"}
