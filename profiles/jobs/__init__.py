"""Background work: each job calls one operation. The worker imports them all from here."""

from . import files, property_index, run_job

__all__ = ["files", "property_index", "run_job"]
