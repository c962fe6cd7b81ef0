"""The registry of tags: which names exist in a workspace, and how they look."""

from __future__ import annotations

import zlib

from django.db import models
from django.db.models.functions import Lower

from .workspace import Workspace

MAX_TAG_LENGTH = 64
MAX_TAGS = 100


class TagColour(models.TextChoices):
    BLUE = "blue", "Blue"
    AZURE = "azure", "Azure"
    INDIGO = "indigo", "Indigo"
    PURPLE = "purple", "Purple"
    PINK = "pink", "Pink"
    RED = "red", "Red"
    ORANGE = "orange", "Orange"
    YELLOW = "yellow", "Yellow"
    LIME = "lime", "Lime"
    GREEN = "green", "Green"
    TEAL = "teal", "Teal"
    CYAN = "cyan", "Cyan"


def colour_of_name(name: str) -> str:
    """The colour a new tag starts with: the same name always gets the same."""
    return TagColour.values[zlib.crc32(name.lower().encode()) % len(TagColour.values)]


class Tag(models.Model):
    """A label that profiles may carry. Case is kept and ignored in comparisons (contracts 8.8)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tag_registry")
    name = models.CharField(max_length=MAX_TAG_LENGTH)
    colour = models.CharField(max_length=8, choices=TagColour, default=TagColour.BLUE)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                "workspace",
                Lower("name"),
                name="tag_once_per_workspace",
                violation_error_message="This tag exists already (upper and lower case count as the same).",
            ),
        ]

    def __str__(self) -> str:
        return self.name
