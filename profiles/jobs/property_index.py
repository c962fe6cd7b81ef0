"""Builds and drops the indexes of custom properties."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from profiles.operations.property_index import Busy, bring_index_in_line, mend_indexes

_WHEN_BUSY = RetryStrategy(wait=5, retry_exceptions={Busy})


@app.task(name="profiles.jobs.property_index", retry=_WHEN_BUSY)
def property_index(definition: int) -> None:
    bring_index_in_line(definition)


@app.periodic(cron="*/10 * * * *")
@app.task(name="profiles.jobs.mend_property_indexes", queueing_lock="mend_property_indexes")
def mend_property_indexes(timestamp: int) -> None:
    """Every ten minutes, as procrastinate's periodic tasks are called with their time."""
    mend_indexes()
