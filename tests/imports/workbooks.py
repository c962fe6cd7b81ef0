"""Workbooks, as people save them and as nobody should."""

import zipfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from profiles.imports import XlsxTable, open_source, table_of

HEADER = ["distinct_id", "city"]


def saved(path: Path, *rows: list[Any]) -> str:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def table(path: str, **options: Any) -> XlsxTable:
    found = table_of(open_source(path), **options)
    assert isinstance(found, XlsxTable)
    return found


def rewritten(path: str, part: str, change: tuple[str, str]) -> str:
    """The workbook with a piece of the XML of one part exchanged."""
    parts = unpacked(path)
    before, after = change
    assert before in parts[part]
    return packed(path, parts | {part: parts[part].replace(before, after)})


def shared(path: Path, *rows: list[str]) -> str:
    """A workbook as the usual programs write it, with all texts in a part of their own."""
    texts = dict.fromkeys(text for row in rows for text in row)
    numbers = {text: number for number, text in enumerate(texts)}
    strings = "".join(f"<si><t xml:space='preserve'>{text}</t></si>" for text in texts)
    cells = "".join(
        "<row>" + "".join(f'<c t="s"><v>{numbers[text]}</v></c>' for text in row) + "</row>" for row in rows
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts = unpacked(saved(path, HEADER))
    sheet = parts["xl/worksheets/sheet1.xml"]
    start, end = sheet.index("<sheetData>"), sheet.index("</sheetData>")
    parts["xl/worksheets/sheet1.xml"] = f"{sheet[:start]}<sheetData>{cells}{sheet[end:]}"
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    )
    return packed(str(path), parts)


def unpacked(path: str) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def packed(path: str, parts: dict[str, str]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_cells(path: Path, cells: str) -> str:
    """A workbook whose second row is given as XML."""
    saved(path, HEADER, ["ana", "PLACE"])
    return rewritten(
        str(path), "xl/worksheets/sheet1.xml", ('<c r="B2" t="inlineStr"><is><t>PLACE</t></is></c>', cells)
    )
