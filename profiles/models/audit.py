"""Who did what in a workspace, and what was erased."""

import uuid
from typing import Any

from django.db import models

from .job import Job
from .operator import Operator
from .workspace import Workspace


def no_details() -> dict[str, Any]:
    return {}


class AuditEntry(models.Model):
    """One deed of an operator, append-only. `actor` keeps the name for good."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="audit_entries", null=True, db_index=False
    )
    at = models.DateTimeField(auto_now_add=True)
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    actor = models.CharField(max_length=150, default="")
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=1200, default="")
    details = models.JSONField(default=no_details)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index("workspace", models.F("id").desc(), name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.actor}: {self.verb} {self.subject}"


class DeletionReceipt(models.Model):
    """Proof of an erasure: who, when, why, how many; the ids only as a hash, so that nobody is named.

    `ids_hash` is a chain over the erased profiles' ids in their order: from no bytes, each link is the
    SHA-256 of the link before and the id as text; the last one, in hexadecimal. An erasure by a job has it
    from the job's end on. An undo follows the history: its ids are in order within each of its batches only.
    `at` is when the last of them was erased. `is_denied` says that these distinct IDs are refused since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="deletion_receipts", db_index=False
    )
    at = models.DateTimeField()
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    actor = models.CharField(max_length=150, default="")
    door = models.CharField(max_length=32)
    reason = models.CharField(max_length=500, default="", blank=True)
    count = models.PositiveIntegerField()
    filter = models.TextField(default="", blank=True)
    ids_hash = models.CharField(max_length=64)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, related_name="receipt", null=True, blank=True)
    is_denied = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("workspace", models.F("at").desc(), models.F("id").desc(), name="receipt_newest")
        ]

    def __str__(self) -> str:
        return f"{self.count} erased by {self.actor or self.door}"
