"""What keeps the admin quick however many rows there are, and what keeps records as they are."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse

from profiles.models import Workspace
from profiles.queries.counts import CAP, capped_count

SHORTEST_SEARCH = 3
LONGEST_VALUE = 200
_MOST_DIGITS = 18


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
        return queryset.filter(workspace_id=int(value)) if _is_number(value) else queryset.none()


class RowSelect(AutocompleteSelect):
    """Shows nothing for a value that is no id, over which Django's own breaks."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [each for each in value if _is_number(str(each))], attrs)


class Strict(admin.ModelAdmin):  # type: ignore[type-arg]
    """Takes its own filters from the address; Django takes any lookup of any column, as `name__regex`."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        filters = self.get_list_filter(request) if request else self.list_filter
        known = {getattr(each, "parameter_name", each) for each in filters}
        is_known = lookup in known or lookup.removesuffix("__exact") in known
        return is_known and len(value) <= LONGEST_VALUE and "\0" not in value

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "\0" in search_term or len(search_term) > LONGEST_VALUE:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Act on what is ticked, as far as it can be a row."""
        posted = request.POST.copy()
        ticked = posted.getlist(ACTION_CHECKBOX_NAME)
        posted.setlist(ACTION_CHECKBOX_NAME, [each for each in ticked if self._is_key(each)])
        request.POST = posted  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)

    def _is_key(self, text: str) -> bool:
        try:
            return self.opts.pk.to_python(text) is not None
        except ValidationError:
            return False


class LargeTable(Strict):
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


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS
