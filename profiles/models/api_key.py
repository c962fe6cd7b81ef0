"""The keys of applications: whose door they open, and how wide."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .operator import Operator
from .profile import Environment
from .workspace import Workspace


class Scope(models.TextChoices):
    """What a key may do. None of them includes another."""

    READ = "read", "Read"
    WRITE = "write", "Write"
    DELETE = "delete", "Delete"
    INGEST = "ingest", "Ingest"


class ApiKey(models.Model):
    """An application's way into one workspace.

    `key_id` is public, and the beginning of the secret, of which only a SHA-256 is kept: secrets are random,
    so that nothing slower is needed. After a rotation the secret before is good until `old_until`.
    `environment` is that of the profiles where a protocol has no word for it. A limit of None is what the
    protocol's own documents say, 0 is none.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    key_id = models.CharField(max_length=16, unique=True, editable=False)
    name = models.CharField(max_length=100)
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    scopes = ArrayField(models.CharField(max_length=6, choices=Scope))
    secret_hash = models.CharField(max_length=64, editable=False)
    old_secret_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    old_until = models.DateTimeField(null=True, blank=True, editable=False)
    hint = models.CharField(max_length=4, default="", editable=False)
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    concurrent_requests = models.PositiveIntegerField(null=True, blank=True)
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_door = models.CharField(max_length=32, default="", blank=True, editable=False)

    class Meta:
        indexes = [models.Index("workspace", models.F("id").desc(), name="key_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0),
                name="key_has_scopes",
                violation_error_message="A key needs at least one of the scopes read, write, delete, ingest.",
            ),
            models.CheckConstraint(
                condition=Q(environment__in=Environment.values),
                name="key_environment_known",
                violation_error_message="The environment is live or test.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.key_id})"

    def get_username(self) -> str:
        """The name under which the history and the audit keep what it did."""
        return str(self)

    @property
    def zone(self) -> tzinfo:
        """Of times without an offset."""
        return UTC

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def has_expired(self, now: datetime | None = None) -> bool:
        return self.expires_at is not None and self.expires_at <= (now or timezone.now())

    def is_usable(self, now: datetime | None = None) -> bool:
        return not self.is_revoked and not self.has_expired(now)

    def has_scope(self, scope: Scope) -> bool:
        return scope in self.scopes


Actor = Operator | ApiKey
"""Who does something: a person, or an application by its key."""


def operator_of(actor: Actor | None) -> Operator | None:
    return actor if isinstance(actor, Operator) else None


def key_of(actor: Actor | None) -> ApiKey | None:
    return actor if isinstance(actor, ApiKey) else None


class RateWindow(models.Model):
    """How many requests by a door a key was granted in a minute (its number since 1970).

    `given` is what the last one who asked was given, so that one statement can count and answer. The table
    is not logged: after a crash of the database the count of the minute begins anew.
    """

    pk = models.CompositePrimaryKey("key_id", "door", "minute")
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+", db_index=False)
    door = models.CharField(max_length=32)
    minute = models.BigIntegerField()
    granted = models.PositiveIntegerField(default=0)
    given = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.granted} in minute {self.minute}"


class StoredAnswer(models.Model):
    """What a request with an Idempotency-Key was answered; the same again for 24 hours.

    `request_hash` is of method, path and body. `status` is None as long as the first request is at work.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+", db_index=False)
    idempotency_key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="answer_once_per_key"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key
