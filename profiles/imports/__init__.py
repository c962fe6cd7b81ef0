"""Files of profiles, read row by row: what opens them, what their columns mean, what was wrong with a row."""

from .columns import check_columns, custom_among, definitions_of, unknown_value
from .csv_rows import CsvTable
from .jsonl_rows import JsonlTable
from .mapping import ColumnMapping, Mapping, MappingProblem
from .rejects import Rejects
from .rows import Damaged, Position, RawIdentifier, RawRow, Unreadable
from .sources import FORMATS, Source, open_source
from .tables import Table, table_of

__all__ = [
    "FORMATS",
    "ColumnMapping",
    "CsvTable",
    "Damaged",
    "JsonlTable",
    "Mapping",
    "MappingProblem",
    "Position",
    "RawIdentifier",
    "RawRow",
    "Rejects",
    "Source",
    "Table",
    "Unreadable",
    "check_columns",
    "custom_among",
    "definitions_of",
    "open_source",
    "table_of",
    "unknown_value",
]
