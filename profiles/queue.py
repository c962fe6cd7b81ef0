"""Work for later: operations enqueue by name, so that they import no job."""

from procrastinate.contrib.django import app


def enqueue(name: str, **ids: int | str) -> int:
    """Put the job `profiles.jobs.<name>` on the queue, in the caller's transaction; returns its number.

    `ids` are what the job needs to find its rows again: plain numbers and texts, never objects.
    """
    return app.configure_task(f"profiles.jobs.{name}").defer(**ids)
