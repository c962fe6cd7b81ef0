"""Rows of workbooks: which they are, in which sheet, and where reading goes on."""

import zipfile
from pathlib import Path

from openpyxl import Workbook

from profiles.imports import Position, open_source, table_of

from .workbooks import HEADER, saved, table


def test_rows_are_known_by_their_number_and_empty_ones_are_none(tmp_path: Path) -> None:
    rows = [[], ["", None], HEADER, ["ana", None], [], ["bob", " "], ["cem", "Ulm"]]
    found = list(table(saved(tmp_path / "people.xlsx", *rows)))
    assert [(row.line, row.values) for row in found] == [
        (4, {"distinct_id": "ana"}),
        (6, {"distinct_id": "bob"}),
        (7, {"distinct_id": "cem", "city": "Ulm"}),
    ]
    assert found[1].original == ["bob", " "]


def test_the_first_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Old"
    book.active.sheet_state = "hidden"
    for name in ("People", "Notes"):
        book.create_sheet(name).append(["distinct_id"])
    book["People"].append(["ana"])
    book.save(tmp_path / "people.xlsx")
    found = table(str(tmp_path / "people.xlsx"))
    assert [row.values["distinct_id"] for row in found] == ["ana"]
    assert found.source.notes == ["Only the first visible sheet, “People”, is read, and not “Old”, “Notes”."]


def test_a_value_beside_the_table_refuses_its_row(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm", None, "?"], ["bob", "Ulm", "", " "])
    first, second = table(path)
    assert first.problem == "Cell D2 has a value, but its column has no name in the header."
    assert second.problem == "Cell D3 has a value, but its column has no name in the header."


def test_rows_come_before_the_sheet_is_read(tmp_path: Path) -> None:
    people = [[f"user-{number}", number * 7919 % 10_007] for number in range(20_000)]
    found = table(saved(tmp_path / "people.xlsx", HEADER, *people))
    next(iter(found))
    assert 0 < found.source.position() < (found.source.size or 0) // 4
    assert sum(1 for _ in found) == 19_999
    assert found.source.position() == found.source.size


def test_reading_goes_on_after_any_row(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana"], [], ["bob", "Ulm"], ["cem", "Köln"])
    rows = list(table(path))
    for number, row in enumerate(rows, 1):
        assert list(table(path, at=Position(*row.position))) == rows[number:]


def test_a_workbook_in_a_zip_is_read(tmp_path: Path) -> None:
    saved(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm"])
    with zipfile.ZipFile(tmp_path / "people.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "people.xlsx", "people.xlsx")
    source = open_source(str(tmp_path / "people.zip"))
    assert source.format == "xlsx"
    assert [row.values["city"] for row in table_of(source)] == ["Ulm"]
