"""Deletes what is kept for a while only."""

from procrastinate.contrib.django import app

from profiles.operations.files import delete_what_has_expired


@app.periodic(cron="17 * * * *")
@app.task(name="profiles.jobs.delete_what_has_expired", queueing_lock="delete_what_has_expired")
def delete_expired(timestamp: int) -> None:
    """Every hour."""
    delete_what_has_expired()
