"""The other names of a profile."""

from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .ids import derive_id
from .workspace import Workspace


class IdentifierKind(models.TextChoices):
    """Kinds that mean something to Profiles itself; sources may bring others."""

    DISTINCT_ID = "distinct_id", "Absorbed distinct ID"
    ANONYMOUS_ID = "anonymous_id", "Anonymous ID"
    EMAIL = "email", "E-mail"
    PHONE = "phone_number", "Phone"


class Identifier(models.Model):
    """Another name of a profile: (source, type, kind, value), such as an absorbed distinct ID.

    `id` is derived from the workspace, the environment and those four. In the database the primary key is
    (id, profile_id), because every unique constraint of a profile-owned table holds the profile's id (the
    table can then be sharded by profile); that a name belongs to one profile only is kept by
    `write_profiles`, under a lock.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    profile = models.ForeignKey(
        "Profile", on_delete=models.DO_NOTHING, related_name="identifiers", db_constraint=False
    )
    source = models.CharField(max_length=60, default="", blank=True)
    type = models.CharField(max_length=40, default="", blank=True)
    kind = models.CharField(max_length=60, default=IdentifierKind.DISTINCT_ID)
    value = models.CharField(max_length=1024)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(OpClass(Lower("value"), name="gin_trgm_ops"), name="identifier_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") & ~Q(kind=""),
                name="identifier_given",
                violation_error_message="An identifier needs a kind and a value.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def place(self) -> str:
        """Where it is a name, by source and type: `coolbikes · rider`. Empty for a name of our own."""
        return " · ".join(part for part in (self.source, self.type) if part)


def identifier_id(
    workspace: Workspace, environment: str, *, source: str = "", type: str = "", kind: str, value: str
) -> UUID:
    """The `id` of the identifier with this meaning."""
    return derive_id(workspace.uid.hex, environment, source, type, kind, value)
