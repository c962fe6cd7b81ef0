"""What keeps the admin quick however many rows there are, and what keeps records as they are."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from profiles.models import Workspace
from profiles.queries.counts import CAP, capped_count

SHORTEST_SEARCH = 3


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to the cap and no further, so that there are as many pages as people turn, not all."""

    @cached_property
    def count(self) -> int:
        return min(capped_count(self.object_list), CAP)  # type: ignore[arg-type]


class WorkspaceFilter(admin.SimpleListFilter):
    """Names the workspaces while they fit in a list."""

    title = "workspace"
    parameter_name = "workspace"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first = Workspace.objects.order_by("slug").values_list("pk", "slug")[:50]
        return [(str(pk), slug) for pk, slug in first]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(workspace_id=int(value)) if value.isdecimal() else queryset.none()


class LargeTable(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table that may have millions of rows: never counted in full, sorted by an index or not at all."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    list_per_page = 50
    ordering = ("-pk",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        hint = {"subtitle": f"The first {CAP:,} at most; search to find the others."}
        return super().changelist_view(request, hint | (extra_context or {}))

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Act on the ticked rows alone: "all" would be more than the list can show."""
        posted = request.POST.copy()
        posted["select_across"] = "0"
        request.POST = posted  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)


class ReadOnly(LargeTable):
    """Records that the operations keep; nobody writes them by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
