"""Files of profiles, read row by row: what opens them, what their columns mean, what was wrong with a row."""

from .columns import check_columns, custom_among, definitions_of, unknown_value
from .csv_rows import CsvTable
from .export_table import ExportTable
from .first_rows import ShownCell, ShownRow, first_rows
from .jsonl_rows import JsonlTable
from .look import Look, look_at
from .mapping import ColumnMapping, Guess, Guessed, Mapping, MappingProblem, guess_mapping
from .origins import ORIGINS
from .rejects import reject_lines, restored, storable, without_added
from .rows import Damaged, Position, RawIdentifier, RawRow, Unreadable
from .sources import FORMATS, Source, open_source
from .tables import Table, table_of
from .xlsx_rows import XlsxTable

__all__ = [
    "FORMATS",
    "ORIGINS",
    "ColumnMapping",
    "CsvTable",
    "Damaged",
    "ExportTable",
    "Guess",
    "Guessed",
    "JsonlTable",
    "Look",
    "Mapping",
    "MappingProblem",
    "Position",
    "RawIdentifier",
    "RawRow",
    "ShownCell",
    "ShownRow",
    "Source",
    "Table",
    "Unreadable",
    "XlsxTable",
    "check_columns",
    "custom_among",
    "definitions_of",
    "first_rows",
    "guess_mapping",
    "look_at",
    "open_source",
    "reject_lines",
    "restored",
    "storable",
    "table_of",
    "unknown_value",
    "without_added",
]
