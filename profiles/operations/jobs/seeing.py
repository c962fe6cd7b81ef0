"""Which ended jobs their operators have not seen yet."""

from collections.abc import Iterable

from django.utils import timezone

from profiles.models import Job, Operator


def see_jobs(jobs: Iterable[Job], *, operator: Operator) -> None:
    """Note that the operator knows of the end of these; nothing changes for jobs of others, or at work."""
    unseen = [job.pk for job in jobs if job.has_ended and not job.seen_at and job.operator_id == operator.pk]
    if unseen:
        Job.objects.ended().filter(pk__in=unseen, operator=operator, seen_at=None).update(
            seen_at=timezone.now()
        )
