"""What happened to each profile."""

from __future__ import annotations

from typing import Final

from django.db import models

from .job import Job
from .operator import Operator
from .profile import Profile


class Door(models.TextChoices):
    """The ways into the product; a profile's `sources` and its history name them."""

    CONSOLE = "console", "Profiles screen"
    IMPORT = "import", "Import"
    ADMIN = "admin", "Django admin"
    COMMAND = "command", "Command line"
    DEMO = "demo", "Demo data"
    API = "api", "API"
    CLEVERTAP = "clevertap", "CleverTap API"
    ZENDESK = "zendesk", "Zendesk Profiles API"
    FYNO = "fyno", "Fyno API"


class Deed(models.TextChoices):
    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    MERGED = "merged", "Merged"
    UNMERGED = "unmerged", "Un-merged"
    RENAMED = "renamed", "Renamed"


OUTCOMES: Final = (Deed.CREATED, Deed.UPDATED)
"""What jobs do to profiles."""


class ProfileChangeQuerySet(models.QuerySet["ProfileChange"]):
    def about(self, path: str) -> ProfileChangeQuerySet:
        """Those that changed the property `path`."""
        return self.filter(models.Q(new__has_key=path) | models.Q(old__has_key=path))

    def own(self) -> ProfileChangeQuerySet:
        """Not those of profiles that were merged into this one."""
        return self.filter(absorbed=None)


class ProfileChange(models.Model):
    """One deed done to one profile, append-only: the keys that changed, with old and new value.

    `old` and `new` map a property's path (`email`, `channel.sms`, `custom.plan`, `status`, `tags`) to its
    value; a key that is absent was unset. `absorbed` is the id of the profile to which it was done, where
    that was merged into this one. It goes with the profile when the profile is erased. In the
    database the primary key is (id, profile_id), as for every profile-owned table.
    """

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="changes", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    deed = models.CharField(max_length=16, choices=Deed)
    door = models.CharField(max_length=32)
    operator = models.ForeignKey(
        Operator,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    actor = models.CharField(max_length=150, default="")
    job = models.ForeignKey(
        Job, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    absorbed = models.UUIDField(null=True)

    objects = ProfileChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("profile", models.F("id").desc(), name="change_of_profile"),
            # What a job did; its end is where new rows go, so that it costs an import next to nothing.
            models.Index("job", "id", condition=~models.Q(job=None), name="change_by_job"),
        ]

    def __str__(self) -> str:
        return f"{self.deed} by {self.actor or self.door}"
