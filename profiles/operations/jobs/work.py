"""What is to be done for each kind of job."""

from collections.abc import Callable, Mapping
from typing import Final

from .running import Run

WORK: Final[Mapping[str, Callable[[Run], None]]] = {}
