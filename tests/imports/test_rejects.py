"""The file of rejected rows has what the imported file had, byte by byte."""

from pathlib import Path

import pytest

from profiles.imports import Rejects, open_source, table_of

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


@pytest.mark.parametrize("name", CASES)
def test_it_repeats_the_row_after_line_and_error(tmp_path: Path, name: str) -> None:
    content, expected = CASES[name]
    (tmp_path / name).write_text(content)
    table = table_of(open_source(str(tmp_path / name)))
    with Rejects(str(tmp_path / "rejects"), table) as rejects:
        rejects.add([(row, ["Bad.", "Very bad."]) for row in table])
    assert (tmp_path / "rejects").read_text() == expected


def test_bytes_that_were_no_text_are_kept_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"distinct_id,city\n" + b"x,y\n" * 300_000 + b"ana,M\xfcnchen\n")
    table = table_of(open_source(str(tmp_path / "people.csv")))
    with Rejects(str(tmp_path / "rejects"), table) as rejects:
        rejects.add([(row, [row.problem]) for row in table if row.problem])
    assert (tmp_path / "rejects").read_bytes().endswith(b",ana,M\xfcnchen\n")
