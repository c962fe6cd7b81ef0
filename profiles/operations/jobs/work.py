"""What is to be done for each kind of job."""

from collections.abc import Callable, Mapping
from typing import Final

from profiles.models import JobKind

from . import changing, erasing, exporting, importing, undoing
from .running import Run

WORK: Final[Mapping[str, Callable[[Run], None]]] = {
    JobKind.CHANGE: changing.work,
    JobKind.ERASE: erasing.work,
    JobKind.EXPORT: exporting.work,
    JobKind.IMPORT: importing.work,
    JobKind.PREVIEW: importing.work,
    JobKind.UNDO: undoing.work,
}
