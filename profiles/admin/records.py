"""What was recorded: identifiers, changes, deeds, receipts, selections. To read, not to write."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

from profiles.models import (
    AuditEntry,
    DeletionReceipt,
    Identifier,
    Merge,
    ProfileChange,
    Selection,
    SourceType,
)

from .common import SHORTEST_SEARCH, ReadOnly, WorkspaceFilter, uuid_of

Found = tuple[QuerySet[Any], bool]


@admin.register(ProfileChange)
class ProfileChangeAdmin(ReadOnly):
    list_display = ("id", "at", "profile_id", "deed", "door", "actor")
    ordering = ("-id",)
    search_fields = ("profile_id",)
    search_help_text = "The id of a profile."

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Found:
        return of_profile(queryset, search_term), False


@admin.register(Identifier)
class IdentifierAdmin(ReadOnly):
    list_display = ("value", "kind", "source", "type", "profile_id", "created_at")
    search_fields = ("value",)
    search_help_text = f"Some of the value, {SHORTEST_SEARCH} characters or more, or the id of a profile."

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Found:
        sought = search_term.strip().lower()
        if not sought or uuid_of(sought):
            return of_profile(queryset, sought), False
        if len(sought) < SHORTEST_SEARCH or "\0" in sought:
            return queryset.none(), False
        # The trigram index is on this very expression.
        return queryset.alias(lower=Lower("value")).filter(lower__contains=sought), False


@admin.register(Merge)
class MergeAdmin(ReadOnly):
    """Without the profile as it was, which is personal."""

    list_display = ("id", "at", "distinct_id", "profile_id", "door", "actor")
    fields = ("distinct_id", "absorbed", "survivor", "profile_id", "at", "door", "actor")
    readonly_fields = ("profile_id",)
    ordering = ("-id",)


@admin.register(SourceType)
class SourceTypeAdmin(ReadOnly):
    list_display = ("id", "workspace", "source", "type")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "workspace", "actor", "verb", "subject")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace",)
    ordering = ("-id",)


@admin.register(DeletionReceipt)
class DeletionReceiptAdmin(ReadOnly):
    list_display = ("id", "at", "workspace", "actor", "door", "count", "reason")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace",)


@admin.register(Selection)
class SelectionAdmin(ReadOnly):
    """May be deleted, as it goes with its operator."""

    list_display = ("id", "workspace", "operator", "mark", "is_everything")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace", "operator")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


def of_profile(queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of the profile whose id is given; all of them where nothing is."""
    if not text.strip():
        return queryset
    sought = uuid_of(text)
    return queryset.filter(profile_id=sought) if sought else queryset.none()
