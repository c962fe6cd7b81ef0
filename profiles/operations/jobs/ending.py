"""How a job ends, whoever ends it."""

from django.db import transaction
from django.utils import timezone

from profiles.models import COUNTERS, AuditEntry, Job, JobKind, JobState, SelectionMember

from .erasing import seal_receipt


@transaction.atomic
def end_job(job: Job, state: JobState, *, problem: str = "") -> bool:
    """Bring the job's present run to an end, with one audit entry; false where it had one already.

    A job that is done has a total of what it did.
    """
    job.refresh_from_db(fields=[*COUNTERS, "total"], from_queryset=Job.objects.select_for_update())
    total = job.done if state in (JobState.DONE, JobState.PARTIAL) else job.total
    ended = (
        Job.objects.active()
        .filter(pk=job.pk, run=job.run)
        .update(state=state, problem=problem, total=total, wish="", finished_at=timezone.now())
    )
    if not ended:
        return False
    job.refresh_from_db()
    if job.kind == JobKind.ERASE:
        seal_receipt(job)
    if job.selection and not job.selection.is_list:
        SelectionMember.objects.filter(selection=job.selection).delete()
    AuditEntry.objects.create(
        workspace=job.workspace,
        operator=job.operator,
        actor=job.actor,
        verb=job.verb or job.kind,
        subject=job.subject,
        details={
            "job": job.pk,
            "state": state,
            **{name: number for name in COUNTERS if (number := getattr(job, name))},
        },
    )
    return True
