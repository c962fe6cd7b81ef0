"""Any number of profiles written to a file: CSV, JSON lines, an Excel workbook or Parquet."""

from .columns import ALWAYS, all_paths, export_columns, read_paths
from .export import FORMATS, Export, Format, refuse_impossible
from .wanted import FORMAT_NAMES, Wanted, media_type

__all__ = [
    "ALWAYS",
    "FORMATS",
    "FORMAT_NAMES",
    "Export",
    "Format",
    "Wanted",
    "all_paths",
    "export_columns",
    "media_type",
    "read_paths",
    "refuse_impossible",
]
