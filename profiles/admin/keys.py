"""Keys of applications, and what they were answered. To read, not to write: keys have their screen."""

from django.contrib import admin

from profiles.models import ApiKey, StoredAnswer

from .common import ReadOnly, WorkspaceFilter


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    """Without the hashes of the secrets."""

    list_display = (
        "key_id",
        "workspace",
        "name",
        "environment",
        "scopes",
        "expires_at",
        "revoked_at",
        "last_used_at",
        "last_door",
    )
    list_filter = (WorkspaceFilter, "environment")
    list_select_related = ("workspace",)
    search_fields = ("key_id",)
    search_help_text = "Some of the key id, which is the middle of a secret."
    readonly_fields = ("key_id", "hint", "created_at", "old_until", "revoked_at", "last_used_at", "last_door")


@admin.register(StoredAnswer)
class StoredAnswerAdmin(ReadOnly):
    list_display = ("id", "key", "idempotency_key", "status", "created_at")
    list_select_related = ("key",)
    fields = ("key", "idempotency_key", "request_hash", "status", "created_at")
    readonly_fields = ("created_at",)
    ordering = ("-id",)
