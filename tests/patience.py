"""Queries that take longer than anybody waits, on any machine."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from profiles.queries.patience import patience


def wear_out_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is counted of a selection takes too long."""
    monkeypatch.setattr("profiles.queries.selections.patience", _patience_worn_out)


@contextmanager
def _patience_worn_out(seconds: float) -> Iterator[None]:
    with patience(0.001), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
        yield
