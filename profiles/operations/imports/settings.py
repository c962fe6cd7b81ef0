"""What an import is told; the parameters of its job."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Final, cast

from django.utils import timezone

from profiles.errors import Refused
from profiles.imports import FORMATS, Mapping
from profiles.imports.sources import Format
from profiles.models import Job, StoredFile

BATCH: Final = 4_000
WRITERS: Final = 2
MOST_WRITERS: Final = 16
LARGE: Final = 2**24
"""Bytes of a file from which on each writer is worth a process of its own, which takes a second to start."""
DISTINCT_ID: Final = "distinct_id"
_NO_MAPPING: Final = Mapping()


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How the file is read, what its columns mean, what becomes of the people it is about.

    A `mapping` without columns leaves the meaning to the header, which then names paths. `path` is a file of
    the machine that the command ran on, or - for its input; without it, the job has a stored file.
    """

    mapping: Mapping = _NO_MAPPING
    origin: str = ""
    delimiter: str = ""
    encoding: str = ""
    format: str = ""
    path: str = ""
    writers: int = WRITERS
    batch: int = BATCH
    large: int = LARGE

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "mapping": self.mapping.as_json()}

    @classmethod
    def of(cls, job: Job) -> "ImportSettings":
        """Raises Refused where they are not, or no longer, what an import is told."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in job.parameters.items() if name in known}
        return cls(**given | {"mapping": Mapping.from_json(given.get("mapping") or {})})

    @property
    def columns(self) -> Mapping | None:
        """The mapping where it says what columns mean."""
        return self.mapping if self.mapping.columns else None

    @property
    def known_format(self) -> Format | None:
        return cast(Format, self.format) if self.format else None

    @property
    def hands(self) -> int:
        """How many write at a time. Whom a row is about is known beforehand only by the distinct ID."""
        return self.writers if self.mapping.match == DISTINCT_ID else 1

    def refuse_contradictions(self) -> None:
        """Raise Refused for what no file could be imported with."""
        if self.mapping.mode == "replace" and self.mapping.existing == "keep":
            raise Refused("An import either replaces what there is or keeps it: choose one of the two.")
        if len(self.delimiter) > 1 or self.delimiter in ('"', "\r", "\n"):
            raise Refused("What separates columns is one character, for example ; or a tab.")
        if self.format and self.format not in FORMATS:
            raise Refused(f"There is no format {self.format}; there are {', '.join(FORMATS)}.")

    def refuse_too_many_writers(self) -> None:
        """Raise Refused for more than a database has connections to spare for."""
        if self.hands > MOST_WRITERS:
            raise Refused(f"At most {MOST_WRITERS} writers share an import, each on a connection of its own.")


def refuse_missing(file: StoredFile | None) -> None:
    """Raise Refused where a stored file is not kept any longer."""
    if file is None or file.expires_at < timezone.now() or not file.path.exists():
        name = file.name if file else "The file"
        raise Refused(f"{name} is not kept any longer: upload it again.")
