"""What the columns of somebody's file mean here, as a person has said or as was guessed."""

from .binding import BoundMapping
from .mapping import ColumnMapping, Mapping, MappingProblem

__all__ = ["BoundMapping", "ColumnMapping", "Mapping", "MappingProblem"]
