"""Imports being prepared, and presets of mappings. To read: their screen writes them."""

from django.contrib import admin

from profiles.models import ImportDraft, MappingPreset

from .common import ReadOnly, WorkspaceFilter


@admin.register(ImportDraft)
class ImportDraftAdmin(ReadOnly):
    list_display = ("id", "workspace", "name", "operator", "origin", "created_at", "job")
    list_filter = (WorkspaceFilter, "origin")
    list_select_related = ("workspace", "operator", "job")
    ordering = ("-created_at",)


@admin.register(MappingPreset)
class MappingPresetAdmin(ReadOnly):
    list_display = ("id", "workspace", "name", "origin", "operator", "updated_at")
    list_filter = (WorkspaceFilter, "origin")
    list_select_related = ("workspace", "operator")
    ordering = ("-id",)
