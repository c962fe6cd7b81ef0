"""What a workspace knows about its properties: names, types, rules."""

from __future__ import annotations

import re

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify

from .workspace import Workspace


class PropertyKind(models.TextChoices):
    """Where a property's value is kept: a column, the channels object, or the custom object."""

    DEFAULT = "default", "Default"
    CHANNEL = "channel", "Channel"
    CUSTOM = "custom", "Custom"


class PropertyType(models.TextChoices):
    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    INTEGER = "integer", "Whole number"
    BOOLEAN = "boolean", "Yes or no"
    DATE = "date", "Date"
    DATETIME = "datetime", "Date and time"
    CHOICE = "choice", "Choice"
    TEXT_LIST = "text_list", "List of texts"
    NUMBER_LIST = "number_list", "List of numbers"
    GEO = "geo", "Place on the map"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    URL = "url", "Web address"
    COUNTRY = "country", "Country"
    LANGUAGE = "language", "Language"
    TIMEZONE = "timezone", "Time zone"
    TOKENS = "tokens", "Push tokens"


class IndexState(models.TextChoices):
    NONE = "none", "Not indexed"
    QUEUED = "queued", "Waiting for the worker"
    BUILDING = "building", "Being built"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class PropertyDefinitionQuerySet(models.QuerySet["PropertyDefinition"]):
    def active(self) -> PropertyDefinitionQuerySet:
        return self.filter(archived_at=None)

    def in_order(self) -> PropertyDefinitionQuerySet:
        """As screens show them: default, channels, custom; then by position."""
        return self.alias(
            rank=models.Case(
                models.When(kind=PropertyKind.DEFAULT, then=0),
                models.When(kind=PropertyKind.CHANNEL, then=1),
                default=2,
            )
        ).order_by("rank", "position", "key")


class PropertyDefinition(models.Model):
    """A property that profiles of a workspace may have, and the rules its values keep.

    Rules that do not apply to the type stay empty. `starred` properties form a group of which at least one
    must be given (contracts 2a and 8.1).
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="property_definitions")
    kind = models.CharField(max_length=7, choices=PropertyKind, default=PropertyKind.CUSTOM)
    key = models.CharField(max_length=120)
    label = models.CharField(max_length=120)
    description = models.CharField(max_length=500, default="", blank=True)
    type = models.CharField(max_length=11, choices=PropertyType, default=PropertyType.TEXT)

    min_length = models.PositiveIntegerField("shortest text", null=True, blank=True)
    max_length = models.PositiveIntegerField("longest text", null=True, blank=True)
    minimum = models.FloatField("smallest value", null=True, blank=True)
    maximum = models.FloatField("largest value", null=True, blank=True)
    pattern = models.CharField(max_length=500, default="", blank=True)
    choices = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    max_elements = models.PositiveIntegerField("most elements", null=True, blank=True)

    required = models.BooleanField(default=False)
    starred = models.BooleanField(default=False)
    indexed = models.BooleanField(default=False)
    index_state = models.CharField(max_length=8, choices=IndexState, default=IndexState.NONE, editable=False)
    index_error = models.TextField(default="", blank=True, editable=False)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PropertyDefinitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "key"],
                name="property_once_per_workspace",
                violation_error_message="A property with this key exists already.",
            ),
            models.CheckConstraint(
                condition=~Q(key=""),
                name="property_key_given",
                violation_error_message="A property needs a key.",
            ),
            models.CheckConstraint(
                condition=Q(type__in=PropertyType.values),
                name="property_type_known",
                violation_error_message="This type of property does not exist.",
            ),
            models.CheckConstraint(
                condition=Q(min_length=None) | Q(max_length=None) | Q(min_length__lte=F("max_length")),
                name="property_lengths_in_order",
                violation_error_message="The shortest text may not be longer than the longest.",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(minimum__lte=F("maximum")),
                name="property_range_in_order",
                violation_error_message="The smallest value may not be above the largest.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def path(self) -> str:
        """How the property is addressed everywhere: `email`, `channel.sms`, `custom.plan`."""
        return self.key if self.kind == PropertyKind.DEFAULT else f"{self.kind}.{self.key}"

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def index_name(self) -> str:
        """The name of the expression index of an indexed custom property."""
        return f"profile_custom_{self.pk}"


def label_of_key(key: str) -> str:
    """A key as people read it: `shoe_size` is “Shoe size”. One that is written otherwise stays as it is."""
    is_snake = re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", key)
    return (key.replace("_", " ").capitalize() if is_snake else key)[:120]


def key_of_label(label: str) -> str:
    """What applications may call it: `favourite_colour`; empty where the label has no letter and no digit."""
    return slugify(label, allow_unicode=True).replace("-", "_")[:120]
