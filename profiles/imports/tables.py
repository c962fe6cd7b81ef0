"""The reader of each format."""

from .csv_rows import CsvTable
from .export_table import ExportTable
from .jsonl_rows import JsonlTable
from .mapping import Mapping
from .rows import Position
from .sources import Source
from .xlsx_rows import XlsxTable

Table = CsvTable | JsonlTable | XlsxTable | ExportTable


def table_of(
    source: Source,
    *,
    delimiter: str = "",
    origin: str = "",
    mapping: Mapping | None = None,
    at: Position | None = None,
) -> Table:
    """The rows of a source, with `at` those after it. `origin` names the product whose export it is.

    Raises Unreadable where a table has no usable header, or not the columns of the mapping.
    """
    if origin:
        return ExportTable(source, origin, mapping=mapping, at=at)
    if source.format == "jsonl":
        return JsonlTable(source, mapping=mapping, at=at)
    if source.format == "xlsx":
        return XlsxTable(source, mapping=mapping, at=at)
    return CsvTable(source, delimiter=delimiter, mapping=mapping, at=at)
