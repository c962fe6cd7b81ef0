"""Work on many profiles that outlives a request: queued, run in batches, stopped and resumed."""

from .queueing import cancel_job, pause_job, queue_job, resume_job
from .running import Refusal, Run
from .turn import mend_jobs, run_job

__all__ = [
    "Refusal",
    "Run",
    "cancel_job",
    "mend_jobs",
    "pause_job",
    "queue_job",
    "resume_job",
    "run_job",
]
