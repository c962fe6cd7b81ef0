"""Background work that an operator can watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .api_key import Actor, ApiKey
from .file import StoredFile
from .operator import Operator
from .selection import Selection
from .workspace import Workspace


class JobKind(models.TextChoices):
    IMPORT = "import", "Import"
    PREVIEW = "preview", "Preview of an import"
    CHANGE = "change", "Change"
    ERASE = "erase", "Deletion"
    EXPORT = "export", "Export"
    UNDO = "undo", "Undo"


class JobState(models.TextChoices):
    """`interrupted` goes on by itself or by a click, `failed` cannot; `partial` is done but for some."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    INTERRUPTED = "interrupted", "Interrupted"
    CANCELLED = "cancelled", "Cancelled"
    PARTIAL = "partial", "Done, some refused"
    FAILED = "failed", "Failed"
    DONE = "done", "Done"


class Wish(models.TextChoices):
    """What an operator asked of a running job, which it hears between two batches."""

    NONE = "", "Go on"
    PAUSE = "pause", "Pause"
    CANCEL = "cancel", "Cancel"


ENDED = (JobState.CANCELLED, JobState.PARTIAL, JobState.FAILED, JobState.DONE)
COUNTERS = ("created", "updated", "unchanged", "refused", "erased", "exported")


MOST_FAILURES = 5
"""Times in a row, without a batch between them, that a job goes on by itself."""


def nothing() -> dict[str, Any]:
    return {}


class JobQuerySet(models.QuerySet["Job"]):
    def active(self) -> JobQuerySet:
        """Those that have not ended."""
        return self.exclude(state__in=ENDED)

    def ended(self) -> JobQuerySet:
        return self.filter(state__in=ENDED)


class Job(models.Model):
    """Work on many profiles, in batches; a batch, its counters and the cursor behind it commit together.

    `total` is how many there are to do, None as long as nobody knows; in the end it is the sum of the
    counters. `run` is the number of the present attempt: a worker that was taken for dead and is not has an
    old one, and can commit nothing. `cursor` is what the kind of work needs to go on, `report` what it found
    out, `problem` the sentence that says why it stopped.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="jobs", db_index=False)
    kind = models.CharField(max_length=8, choices=JobKind)
    verb = models.CharField(max_length=32, default="", blank=True)
    state = models.CharField(max_length=11, choices=JobState, default=JobState.QUEUED)
    wish = models.CharField(max_length=6, choices=Wish, default=Wish.NONE, blank=True)
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    actor = models.CharField(max_length=150, default="", blank=True)
    subject = models.CharField(max_length=1200, default="", blank=True)
    parameters = models.JSONField(default=nothing, blank=True)
    selection = models.ForeignKey(
        Selection, on_delete=models.SET_NULL, related_name="jobs", null=True, blank=True
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, related_name="jobs", null=True, blank=True
    )
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="undone_by", null=True, blank=True
    )

    total = models.BigIntegerField(null=True, blank=True)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)
    exported = models.BigIntegerField(default=0)
    cursor = models.JSONField(default=nothing, blank=True)
    report = models.JSONField(default=nothing, blank=True)
    problem = models.TextField(default="", blank=True)

    run = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)
    done_before = models.BigIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("workspace", F("id").desc(), name="job_newest"),
            models.Index("operator", "workspace", condition=Q(seen_at=None), name="job_unseen"),
            models.Index("state", condition=~Q(state__in=ENDED), name="job_active"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values),
                name="job_state_known",
                violation_error_message="This state of a job does not exist.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "partial"))
                | Q(
                    total=F("created")
                    + F("updated")
                    + F("unchanged")
                    + F("refused")
                    + F("erased")
                    + F("exported")
                ),
                name="job_counters_add_up",
                violation_error_message="The counters of a finished job add up to its total.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def by(self) -> Actor | None:
        """Who started it, if they still exist; `actor` keeps the name."""
        return self.operator or self.key

    @property
    def done(self) -> int:
        """How many rows or profiles are dealt with, whatever became of them."""
        return self.created + self.updated + self.unchanged + self.refused + self.erased + self.exported

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def goes_on(self) -> bool:
        """Whether it does something without a click: it is at work, or waits for a worker."""
        if self.state == JobState.INTERRUPTED:
            return self.failures < MOST_FAILURES
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def rate(self) -> float | None:
        """Rows or profiles a second since it was started or last resumed; None before the first batch."""
        if not (self.resumed_at and self.beat_at) or self.done <= self.done_before:
            return None
        seconds = (self.beat_at - self.resumed_at).total_seconds()
        return (self.done - self.done_before) / seconds if seconds > 0 else None

    @property
    def time_left(self) -> timedelta | None:
        if self.total is None or not self.rate or self.state != JobState.RUNNING:
            return None
        return timedelta(seconds=max(self.total - self.done, 0) / self.rate)


class JobRefusal(models.Model):
    """A row or a profile that a job refused, with the reasons; stored with the batch that refused it.

    `line` is where the row starts in the file (none for profiles of a selection), `subject` the distinct ID
    as far as it is known, `row` the row as it was read: fields of CSV, an object, or text.
    """

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="refusals", db_index=False)
    line = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=1024, default="", blank=True)
    reasons = ArrayField(models.TextField())
    row = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index("job", "line", "id", name="refusal_of_job")]

    def __str__(self) -> str:
        return " ".join(self.reasons)


class ErasedId(models.Model):
    """The derived id of an erased profile that may not be created again. It names nobody."""

    profile_id = models.UUIDField(primary_key=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="erased_ids")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.profile_id)
