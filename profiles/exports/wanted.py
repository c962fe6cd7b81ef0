"""What somebody asked for: a format, columns, and how the file is to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .export import Format

FORMAT_NAMES: Final[dict[Format, str]] = {
    "csv": "CSV",
    "jsonl": "JSON lines",
    "xlsx": "Excel",
    "parquet": "Parquet",
}
_MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "gz": "application/gzip",
}


def media_type(name: str) -> str:
    """Of an exported file, by its name."""
    return _MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Wanted:
    """See Export; `paths` are those of the columns, which may be gone by the time it is written."""

    format: Format
    paths: Sequence[str]
    is_guarded: bool = True
    is_compressed: bool = False

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Wanted":
        return cls(given["format"], given["columns"], given["guarded"], given["compressed"])

    def as_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "columns": list(self.paths),
            "guarded": self.is_guarded,
            "compressed": self.is_compressed,
        }

    @property
    def format_name(self) -> str:
        return FORMAT_NAMES[self.format]

    @property
    def is_packed(self) -> bool:
        """Whether the file is one of gzip."""
        return self.is_compressed and self.format in ("csv", "jsonl")

    def file_name(self, slug: str, at: datetime) -> str:
        return f"{slug}-profiles-{at:%Y-%m-%d-%H%M}.{self.format}{'.gz' if self.is_packed else ''}"
