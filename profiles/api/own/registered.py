"""Importing this registers every operation."""

from . import (  # noqa: F401
    batch,
    deleting,
    exporting,
    history,
    jobs,
    listing,
    merging,
    naming,
    properties,
    reading,
    writing,
)
