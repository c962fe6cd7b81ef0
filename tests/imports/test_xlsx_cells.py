"""What a cell of a workbook becomes."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from profiles.imports import ColumnMapping, Mapping

from .workbooks import HEADER, rewritten, saved, shared, table, with_cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Köln 東京 🌍", "Köln 東京 🌍"),
        (" two\nlines ", " two\nlines "),
        ("00049", "00049"),
        (5, 5),
        (0, 0),
        (-12.5, -12.5),
        (0.1 + 0.2, 0.3),
        (123456789012345, 123456789012345),
        (1e300, 1e300),
        (True, True),
        (False, False),
        (date(1990, 5, 17), "1990-05-17"),
        (date(2024, 2, 29), "2024-02-29"),
        (date(1900, 2, 28), "1900-02-28"),
        (date(1900, 3, 1), "1900-03-01"),
        (datetime(2026, 1, 31, 9, 30), "2026-01-31T09:30:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_a_cell_becomes_text_number_yes_or_no(tmp_path: Path, cell: Any, value: Any) -> None:
    (row,) = table(saved(tmp_path / "people.xlsx", HEADER, ["ana", cell]))
    assert row.values["city"] == value
    assert type(row.values["city"]) is type(value)


def test_a_formula_gives_its_saved_result(tmp_path: Path) -> None:
    cells = '<c r="B2"><f>20+1</f><v>21</v></c>'
    assert [row.values["city"] for row in table(with_cells(tmp_path / "a.xlsx", cells))] == [21]
    cells = '<c r="B2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>'
    assert [row.values["city"] for row in table(with_cells(tmp_path / "a.xlsx", cells))] == ["ab"]
    cells = '<c r="B2" t="str"><f>""</f><v></v></c>'
    assert [row.values for row in table(with_cells(tmp_path / "a.xlsx", cells))] == [{"distinct_id": "ana"}]


def test_a_formula_without_a_saved_result_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana", "=1+1"], ["bob", "Ulm"])
    first, second = table(path)
    assert first.unread == {
        "city": "The result of a formula was not saved: open the file in a spreadsheet program and save it; "
        "it is in cell B2."
    }
    assert (first.values, second.values["city"]) == ({"distinct_id": "ana"}, "Ulm")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', "Cell B2 holds the error #N/A."),
        ('<c r="B2" s="1"><v>60</v></c>', "Cell B2 is marked as a date, but 60 is none."),
        ('<c r="B2" s="1"><v>9E+99</v></c>', "Cell B2 is marked as a date, but 9E+99 is none."),
    ],
)
def test_a_mistake_in_a_cell_costs_its_value(tmp_path: Path, cell: str, reason: str) -> None:
    path = tmp_path / "people.xlsx"
    saved(path, HEADER, ["ana", "PLACE"], ["bob", date(2020, 1, 1)])
    rewritten(
        str(path), "xl/worksheets/sheet1.xml", ('<c r="B2" t="inlineStr"><is><t>PLACE</t></is></c>', cell)
    )
    first, _ = table(str(path))
    assert (first.unread, first.values) == ({"city": reason}, {"distinct_id": "ana"})


def test_a_mistake_is_none_in_a_column_that_is_passed_over(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "people.xlsx", '<c r="B2" t="e"><v>#N/A</v></c>')
    (row,) = table(path, mapping=Mapping((ColumnMapping("distinct_id", "distinct_id"),)))
    assert (row.values, row.unread) == ({"distinct_id": "ana"}, {})


def test_a_mapping_reads_cells_that_are_no_texts(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "people.xlsx",
        ["Nr", "Tel", "Born", "Nr", None, "x"],
        [7, 491701234567, date(1990, 5, 17), 0, 1],
    )
    columns = (
        ColumnMapping("Nr", "distinct_id"),
        ColumnMapping("Tel", "phone", prefix="+"),
        ColumnMapping("Born", "birthday", dates="day_first"),
        ColumnMapping("Nr (2)", "custom.seats"),
        ColumnMapping("x", "city"),
    )
    found = table(path, mapping=Mapping(columns, blank="clear"))
    assert found.header == ["Nr", "Tel", "Born", "Nr (2)", "Column 5", "x"]
    assert [row.values for row in found] == [
        {
            "distinct_id": 7,
            "phone": "+491701234567",
            "birthday": "1990-05-17",
            "custom.seats": 0,
            "city": None,
        }
    ]


def test_texts_in_pieces_and_notes_on_pronunciation(tmp_path: Path) -> None:
    cells = (
        '<c r="B2" t="inlineStr"><is><r><t>Tō</t></r><r><t xml:space="preserve">kyō </t></r>'
        "<rPh><t>とうきょう</t></rPh></is></c>"
    )
    (row,) = table(with_cells(tmp_path / "people.xlsx", cells))
    assert row.values["city"] == "Tōkyō "


def test_cells_need_not_say_where_they_are(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm"])
    for change in (
        ('<row r="2">', "<row>"),
        ('<c r="A2" ', "<c "),
        ('<c r="B2" ', "<c "),
    ):
        rewritten(path, "xl/worksheets/sheet1.xml", change)
    assert [(row.line, row.values["city"]) for row in table(path)] == [(2, "Ulm")]


def test_texts_that_cells_share_are_found(tmp_path: Path) -> None:
    """More of them than are kept in memory, and back and forth."""
    people = [[f"user-{number}", f"city {number % 700}"] for number in range(80_000)]
    people += [[f"again-{number}", people[number * 7919 % 80_000][0]] for number in range(500)]
    found = table(shared(tmp_path / "people.xlsx", HEADER, *people))
    assert [list(row.values.values()) for row in found] == people


def test_what_xml_cannot_hold_is_written_as_its_code(tmp_path: Path) -> None:
    path = shared(tmp_path / "people.xlsx", HEADER, ["ana", "a_x000D_b _x005F_x000D_ _xD800_ _xyz"])
    assert [row.values["city"] for row in table(path)] == ["a\rb _x000D_ _xD800_ _xyz"]
