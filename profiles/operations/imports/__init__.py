"""Imports of files: what they are told, what rows mean, who is matched, what is written or only planned."""

from .measure import measure_of
from .settings import BATCH, WRITERS, ImportSettings
from .starting import make_import, start_import, start_preview

__all__ = ["BATCH", "WRITERS", "ImportSettings", "make_import", "measure_of", "start_import", "start_preview"]
