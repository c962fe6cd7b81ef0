"""Workbooks that are broken, or made to do harm, and what is none."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from profiles.imports import Damaged, Unreadable, open_source

from .workbooks import HEADER, rewritten, saved, shared, table, with_cells


def test_a_sheet_that_breaks_off_gives_what_comes_before(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm"], ["bob", "Ulm"])
    rewritten(path, "xl/worksheets/sheet1.xml", ('<row r="3">', "<row r='3'><oops"))
    rows = []
    with pytest.raises(Damaged, match="The workbook cannot be read beyond row 2"):
        rows.extend(table(path))
    assert [row.values["distinct_id"] for row in rows] == ["ana"]


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        (
            "xl/worksheets/sheet1.xml",
            ("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
            "a document type",
        ),
        ("xl/sharedStrings.xml", ("<sst", '<!DOCTYPE x [<!ENTITY a "b">]><sst'), "a document type"),
        ("xl/worksheets/sheet1.xml", ("<v>0</v>", "<v>99</v>"), "beyond row"),
        ("xl/worksheets/sheet1.xml", ("<c ", '<c r="ZZZZZZZ1" '), "no column ZZZZ"),
        (
            "xl/worksheets/sheet1.xml",
            ("<worksheet", f"<!--{' ' * 5_000_000}--><worksheet"),
            "millions of characters",
        ),
    ],
)
def test_a_sheet_made_to_do_harm_is_put_aside(
    tmp_path: Path, part: str, change: tuple[str, str], message: str
) -> None:
    path = rewritten(shared(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm"]), part, change)
    with pytest.raises((Damaged, Unreadable), match=message):
        list(table(path))


def test_a_cell_of_megabytes_costs_its_row(tmp_path: Path) -> None:
    path = with_cells(
        tmp_path / "people.xlsx", f'<c r="B2" t="inlineStr"><is><t>{"x" * 2_000_000}</t></is></c>'
    )
    assert [row.problem for row in table(path)] == ["The row is longer than 1,048,576 characters."]


def test_entities_in_the_workbook_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER)
    rewritten(path, "xl/workbook.xml", ("<workbook", '<!DOCTYPE x [<!ENTITY a "b">]><workbook'))
    with pytest.raises(Unreadable, match="cannot be read as a workbook"):
        table(path)


def test_parts_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER)
    rewritten(path, "xl/styles.xml", ("</styleSheet>", f"{' ' * 2**24}</styleSheet>"))
    with pytest.raises(Unreadable, match=r"has a part, xl/styles.xml, that is too large"):
        table(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "is empty"),
        ([["distinct_id", None, "city"]], "Column 2 has no name"),
        ([["city", "city"]], "more than once: “city”"),
    ],
)
def test_a_header_that_cannot_be_used_refuses_the_file(
    tmp_path: Path, rows: list[list[Any]], message: str
) -> None:
    with pytest.raises(Unreadable, match=message):
        table(saved(tmp_path / "people.xlsx", *rows))


def test_other_office_documents_are_refused(tmp_path: Path) -> None:
    for inside, message in (("word/document.xml", "without a table"), ("xl/workbook.bin", r"\.xlsb")):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr(inside, "<x/>")
        (tmp_path / "people.xlsx").write_bytes(content.getvalue())
        with pytest.raises(Unreadable, match=message):
            open_source(str(tmp_path / "people.xlsx"))


def test_a_part_that_cannot_be_opened_refuses_the_workbook(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm"])
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content = bytearray(Path(path).read_bytes())
    content[start : start + 4] = b"oops"
    Path(path).write_bytes(content)
    with pytest.raises(Unreadable, match=r"xl/worksheets/sheet1.xml cannot be unpacked"):
        table(path)
