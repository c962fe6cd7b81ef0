"""What the columns of somebody's file mean here, as a person has said or as was guessed."""

from .binding import BoundMapping, is_blank
from .guess import Guess, Guessed, guess_mapping
from .mapping import IDENTIFIER, ColumnMapping, Mapping, MappingProblem

__all__ = [
    "IDENTIFIER",
    "BoundMapping",
    "ColumnMapping",
    "Guess",
    "Guessed",
    "Mapping",
    "MappingProblem",
    "guess_mapping",
    "is_blank",
]
