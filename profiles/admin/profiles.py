"""Profiles in Django's admin: found by index, written by `write_profiles`, erased by `erase_profiles`."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from profiles.errors import Refused
from profiles.models import Door, Profile, Workspace
from profiles.operations.erase import erase_profiles

from .common import SHORTEST_SEARCH, LargeTable, WorkspaceFilter, uuid_of
from .profile_form import COLUMNS, ProfileForm

FACTS = (
    "workspace",
    "environment",
    "distinct_id",
    "id",
    "sources",
    "created_at",
    "updated_at",
    "last_seen_at",
)
MOST_FOUND = 1_000


@admin.register(Profile)
class ProfileAdmin(LargeTable):
    form = ProfileForm
    list_display = (
        "distinct_id",
        "display_name",
        "email",
        "workspace",
        "environment",
        "status",
        "created_at",
    )
    list_filter = (WorkspaceFilter,)
    list_select_related = ("workspace",)
    search_fields = ("distinct_id",)
    search_help_text = (
        f"{SHORTEST_SEARCH} characters or more of a name, e-mail, phone, distinct ID or identifier; or an id."
    )
    ordering = ("id",)

    def get_readonly_fields(self, request: HttpRequest, obj: Profile | None = None) -> tuple[str, ...]:
        return FACTS if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Profile | None = None) -> Any:
        identity = FACTS if obj else ("tenant", "environment", "distinct_id")
        return (
            (None, {"fields": (*identity, "status", "tags")}),
            ("Default properties", {"fields": COLUMNS}),
            ("Channels and custom properties", {"fields": ("channels", "custom")}),
        )

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Newest first where the workspace is chosen, which the index profile_newest gives; else by id."""
        return ("-created_at", "-id") if request.GET.get(WorkspaceFilter.parameter_name) else ("id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The ids are found first, so that the trigram index leads whatever the order."""
        sought = search_term.strip()
        if not sought:
            return queryset, False
        ids = [found] if (found := uuid_of(sought)) else []
        if len(sought) >= SHORTEST_SEARCH and "\0" not in sought:
            ids += queryset.matching(sought).order_by().values_list("pk", flat=True)[:MOST_FOUND]  # type: ignore[attr-defined]
        return queryset.filter(pk__in=ids), False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.actor = request.user  # type: ignore[attr-defined]
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Profile, form: Any, change: bool) -> None:
        outcome = form.write()
        if outcome.reasons:
            raise Refused(" ".join(outcome.reasons))
        obj.pk = outcome.id
        obj.refresh_from_db()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """What goes with a profile is not listed one by one: it may be very much."""
        profiles = [f"{profile.label} ({profile.distinct_id})" for profile in objs]
        return profiles, {"profiles, with their identifiers and history": len(profiles)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Profile) -> None:
        erase_profiles(obj.workspace, [obj.pk], source=Door.ADMIN, actor=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Profile]) -> None:
        ids: dict[int, list[UUID]] = {}
        for pk, workspace_id in queryset.order_by().values_list("pk", "workspace_id"):
            ids.setdefault(workspace_id, []).append(pk)
        for workspace in Workspace.objects.filter(pk__in=ids):
            erase_profiles(workspace, ids[workspace.pk], source=Door.ADMIN, actor=request.user)  # type: ignore[arg-type]
