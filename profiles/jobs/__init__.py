"""Background work: each job calls one operation. The worker imports them all from here."""

from . import property_index, run_job

__all__ = ["property_index", "run_job"]
