"""Operators, workspaces and who works in which."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from profiles.models import Member, Operator, Workspace
from profiles.operations.workspaces import create_workspace

from .common import Strict


@admin.register(Operator)
class OperatorAdmin(Strict, UserAdmin):  # type: ignore[type-arg]
    """Without staff, groups and permissions, which open nothing here: see `site`."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Access", {"fields": ("is_active", "is_superuser", "last_login", "date_joined")}),
        ("Console", {"fields": ("timezone", "theme")}),
    )
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")


admin.site.unregister(Group)


@admin.register(Workspace)
class WorkspaceAdmin(Strict):
    """A workspace is not deleted here: everything that belongs to it would have to go first."""

    list_display = ("slug", "name", "unknown_keys", "created_at")
    search_fields = ("slug", "name")
    ordering = ("slug",)
    readonly_fields = ("uid", "schema_version", "created_at")

    def save_model(self, request: HttpRequest, obj: Workspace, form: Any, change: bool) -> None:
        """A new workspace comes with the default properties."""
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name in form.fields])
            return
        made = create_workspace(obj.slug, obj.name, actor=request.user)  # type: ignore[arg-type]
        made.unknown_keys = obj.unknown_keys
        made.save(update_fields=["unknown_keys"])
        obj.__dict__.update(made.__dict__)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Member)
class MemberAdmin(Strict):
    list_display = ("operator", "workspace", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("operator", "workspace")
    autocomplete_fields = ("operator", "workspace")
    readonly_fields = ("preferences",)
    search_fields = ("operator__username", "workspace__slug")
    ordering = ("workspace__slug", "operator__username", "pk")
