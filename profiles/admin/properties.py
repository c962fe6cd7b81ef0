"""Property definitions, written through the operations, and tags."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from profiles.errors import Refused
from profiles.models import PropertyDefinition, PropertyKind, Tag
from profiles.operations.properties import (
    EDITABLE,
    archive_property,
    create_property,
    edit_property,
    unarchive_property,
)

from .common import Strict, WorkspaceFilter


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Tries the operation and takes it back, so that what it would refuse is said in the form."""

    class Meta:
        model = PropertyDefinition
        fields = ("workspace", "key", *EDITABLE)

    actor: Any = None

    def clean(self) -> None:
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.write()
                transaction.set_rollback(True)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def write(self) -> PropertyDefinition:
        given = dict(self.cleaned_data)
        changes = {name: given[name] for name in EDITABLE if name in given}
        if self.instance.pk:
            return edit_property(
                PropertyDefinition.objects.get(pk=self.instance.pk), actor=self.actor, **changes
            )
        return create_property(given["workspace"], actor=self.actor, key=given["key"], **changes)

    def _post_clean(self) -> None:
        """The operation has judged already; the instance stays as it was."""


@admin.register(PropertyDefinition)
class PropertyDefinitionAdmin(Strict):
    form = DefinitionForm
    list_display = (
        "path",
        "workspace",
        "label",
        "type",
        "required",
        "starred",
        "indexed",
        "index_state",
        "archived_at",
    )
    list_filter = (WorkspaceFilter, "kind")
    list_select_related = ("workspace",)
    search_fields = ("key", "label")
    autocomplete_fields = ("workspace",)
    ordering = ("workspace_id", "kind", "position", "key", "pk")
    actions = ("archive", "unarchive")
    formfield_overrides = {models.TextField: {"widget": forms.Textarea}}

    def get_readonly_fields(
        self, request: HttpRequest, obj: PropertyDefinition | None = None
    ) -> tuple[str, ...]:
        if obj is None:
            return ()
        fixed = () if obj.kind == PropertyKind.CUSTOM else ("type", "indexed")
        return ("workspace", "kind", "key", *fixed, "index_state", "index_error", "archived_at", "created_at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.actor = request.user  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: DefinitionForm, change: bool) -> None:
        obj.__dict__.update(form.write().__dict__)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Archive the selected properties")
    def archive(self, request: HttpRequest, queryset: QuerySet[PropertyDefinition]) -> None:
        self._each(request, queryset, archive_property)

    @admin.action(description="Bring the selected properties back")
    def unarchive(self, request: HttpRequest, queryset: QuerySet[PropertyDefinition]) -> None:
        self._each(request, queryset, unarchive_property)

    def _each(self, request: HttpRequest, queryset: QuerySet[PropertyDefinition], deed: Any) -> None:
        for definition in queryset:
            try:
                deed(definition, actor=request.user)
            except Refused as refusal:
                self.message_user(request, str(refusal), level="ERROR")


@admin.register(Tag)
class TagAdmin(Strict):
    """The colour alone is chosen here: filters find a tag by its row, which comes with a profile."""

    list_display = ("name", "workspace", "colour")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace",)
    search_fields = ("name",)
    readonly_fields = ("workspace", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
