"""Working in the foreground, beside workers that may be quicker."""

from profiles.management.foreground import pause_unless_ended
from profiles.models import JobKind, JobState, Workspace
from profiles.operations.jobs import cancel_job, queue_job


def test_what_was_stopped_waits_unless_it_has_ended_meanwhile(acme: Workspace) -> None:
    waiting, ended = (queue_job(acme, kind=JobKind.CHANGE, verb="tag", actor=None) for _ in range(2))
    cancel_job(ended)
    for job, state in ((waiting, JobState.PAUSED), (ended, JobState.CANCELLED)):
        pause_unless_ended(job)
        job.refresh_from_db()
        assert job.state == state
