"""Imports that are being prepared, and mappings that are kept for the next file."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models.functions import Lower

from .file import StoredFile
from .job import Job
from .operator import Operator
from .workspace import Workspace


class Origin(models.TextChoices):
    """Whose export the file is; `PLAIN` is anybody's table or objects."""

    PLAIN = "", "A table, or JSON of your own"
    CLEVERTAP = "clevertap", "CleverTap export"
    SEGMENT = "segment", "Segment export"
    ZENDESK = "zendesk", "Zendesk export"


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    def unfinished(self) -> ImportDraftQuerySet:
        """Those that were not run yet."""
        return self.filter(job=None)


class ImportDraft(models.Model):
    """A file on its way to becoming an import: how it is read, what its columns mean, how far it came.

    `mapping` is the document of `profiles.imports.Mapping`; empty as long as the file could not be read.
    `guesses` says, by column, why it was mapped so. `version` counts its changes, so that somebody who
    looks at an older one does not undo them unseen. `preview` belongs to the present version, or is None.
    Without a `file`, it was kept for as long as files are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="import_drafts")
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, related_name="+", null=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0)
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.PLAIN, blank=True)
    encoding = models.CharField(max_length=40, default="", blank=True)
    delimiter = models.CharField(max_length=1, default="", blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    guesses = models.JSONField(default=dict, blank=True)
    preset = models.ForeignKey(
        "MappingPreset", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)
    preview = models.ForeignKey(Job, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-created_at", "id"], name="draft_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_until(self) -> datetime | None:
        """When its file goes; None where it is gone."""
        return self.file.expires_at if self.file else None


class MappingPreset(models.Model):
    """A mapping with a name, for everybody in the workspace who imports such files again."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="mapping_presets")
    name = models.CharField(max_length=80)
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.PLAIN, blank=True)
    encoding = models.CharField(max_length=40, default="", blank=True)
    delimiter = models.CharField(max_length=1, default="", blank=True)
    mapping = models.JSONField(default=dict)
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace",
                Lower("name"),
                name="preset_name_once",
                violation_error_message="There is a preset of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
