"""Rows of workbooks: what a cell becomes, which sheet is read, and workbooks made to do harm."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from profiles.imports import (
    ColumnMapping,
    Damaged,
    Mapping,
    Position,
    Unreadable,
    XlsxTable,
    open_source,
    table_of,
)

HEADER = ["distinct_id", "city"]


def saved(path: Path, *rows: list[Any], **sheets: list[list[Any]]) -> str:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    book.save(path)
    return str(path)


def table(path: str, **options: Any) -> XlsxTable:
    found = table_of(open_source(path), **options)
    assert isinstance(found, XlsxTable)
    return found


def rewritten(path: str, part: str, change: tuple[str, str]) -> str:
    """The workbook with a piece of the XML of one part exchanged."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before, after = (text.encode() for text in change)
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def shared(path: Path, *rows: list[str]) -> str:
    """A workbook as the usual programs write it, with all texts in a part of their own."""
    saved(path, HEADER)
    texts = dict.fromkeys(text for row in rows for text in row)
    numbers = {text: number for number, text in enumerate(texts)}
    strings = "".join(f"<si><t xml:space='preserve'>{text}</t></si>" for text in texts)
    cells = "".join(
        "<row>" + "".join(f'<c t="s"><v>{numbers[text]}</v></c>' for text in row) + "</row>" for row in rows
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    start, end = sheet.index("<sheetData>"), sheet.index("</sheetData>")
    parts["xl/worksheets/sheet1.xml"] = f"{sheet[:start]}<sheetData>{cells}{sheet[end:]}"
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return str(path)


def with_cells(path: Path, cells: str) -> str:
    """A workbook whose second row is given as XML."""
    saved(path, HEADER, ["ana", "PLACE"])
    return rewritten(
        str(path), "xl/worksheets/sheet1.xml", ('<c r="B2" t="inlineStr"><is><t>PLACE</t></is></c>', cells)
    )


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


def test_a_value_beside_the_table_refuses_its_row(tmp_path: Path) -> None:
    path = saved(tmp_path / "people.xlsx", HEADER, ["ana", "Ulm", None, "?"], ["bob", "Ulm", "", " "])
    first, second = table(path)
    assert first.problem == "Cell D2 has a value, but its column has no name in the header."
    assert second.problem == "Cell D3 has a value, but its column has no name in the header."


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
