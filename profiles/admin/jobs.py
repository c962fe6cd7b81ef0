"""Jobs and what belongs to them. To read, not to write: pausing and cancelling have their screen."""

from django.contrib import admin

from profiles.models import ErasedId, Job, JobRefusal, StoredFile

from .common import ReadOnly, WorkspaceFilter


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = (
        "id",
        "workspace",
        "kind",
        "state",
        "actor",
        "subject",
        "total",
        "queued_at",
        "finished_at",
    )
    list_filter = (WorkspaceFilter, "kind", "state")
    list_select_related = ("workspace",)
    ordering = ("-id",)


@admin.register(JobRefusal)
class JobRefusalAdmin(ReadOnly):
    list_display = ("id", "job", "line", "subject", "reasons")
    list_select_related = ("job",)
    ordering = ("-id",)


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnly):
    list_display = ("id", "workspace", "role", "name", "size", "created_at", "expires_at")
    list_filter = (WorkspaceFilter, "role")
    list_select_related = ("workspace",)


@admin.register(ErasedId)
class ErasedIdAdmin(ReadOnly):
    """May be deleted, which lets the distinct ID come back."""

    list_display = ("profile_id", "workspace", "at")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace",)

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return True
