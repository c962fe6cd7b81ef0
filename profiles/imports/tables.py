"""The reader of each format."""

from .csv_rows import CsvTable
from .jsonl_rows import JsonlTable
from .sources import Source

Table = CsvTable | JsonlTable


def table_of(source: Source, *, delimiter: str = "") -> Table:
    """Raises Unreadable where a CSV has no usable header."""
    return JsonlTable(source) if source.format == "jsonl" else CsvTable(source, delimiter=delimiter)
