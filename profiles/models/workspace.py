"""Tenants and who may work in them."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from .operator import Operator

SLUG = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$",
    "A workspace's slug has 1 to 50 small letters, digits and hyphens, and starts and ends without a hyphen.",
)


class UnknownKeys(models.TextChoices):
    """What happens to a custom key that arrives from an application and is not defined yet."""

    REGISTER = "register", "Register it, with the type of its first value"
    REFUSE = "refuse", "Refuse the value"


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, operator: Operator) -> WorkspaceQuerySet:
        """Those the operator is a member of, by name."""
        return self.filter(members__operator=operator).order_by("name", "pk")


class Workspace(models.Model):
    """A tenant: its profiles, property definitions, tags and members. Nothing crosses workspaces."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.CharField(max_length=50, unique=True, validators=[SLUG])
    name = models.CharField(max_length=100)
    unknown_keys = models.CharField(max_length=8, choices=UnknownKeys, default=UnknownKeys.REGISTER)
    # Whether distinct IDs were absorbed here, so that one that nobody has may be somebody's all the same.
    has_absorbed = models.BooleanField(default=False, editable=False)
    schema_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def schema_has_changed(self) -> None:
        """Note that a property definition changed, so that every process compiles the schema anew."""
        Workspace.objects.filter(pk=self.pk).update(schema_version=F("schema_version") + 1)
        self.refresh_from_db(fields=["schema_version"])


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    ADMIN = "admin", "Admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def includes(self, role: Role) -> bool:
        """Whether somebody with this role may do what `role` may do."""
        return self.rank >= role.rank


def no_preferences() -> dict[str, Any]:
    return {}


class Member(models.Model):
    """An operator's place in a workspace: the role, and how they like its screens."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.VIEWER)
    preferences = models.JSONField(default=no_preferences, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "operator"],
                name="member_once_per_workspace",
                violation_error_message="This operator is a member of the workspace already.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="member_role_known",
                violation_error_message="The role is viewer, editor or admin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator} in {self.workspace} ({self.role})"

    def may(self, role: Role) -> bool:
        return Role(self.role).includes(role)

    @property
    def may_edit(self) -> bool:
        return self.may(Role.EDITOR)

    @property
    def may_administer(self) -> bool:
        return self.may(Role.ADMIN)
