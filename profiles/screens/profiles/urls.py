"""The profiles of a workspace: the listing, what is done to many, and each one's own page."""

from django.urls import path

from . import (
    changes,
    columns,
    create,
    detail,
    erase,
    filtering,
    history,
    listing,
    new_property,
    page_size,
    resolve,
    selection,
    selection_ids,
)

app_name = "profiles"

urlpatterns = [
    path("", listing.profile_list, name="list"),
    path("filters/", filtering.profile_filters, name="filters"),
    path("columns/", columns.profile_columns, name="columns"),
    path("page-size/", page_size.profile_page_size, name="page-size"),
    path("select/", selection.profile_select, name="select"),
    path("selections/<uuid:pk>/<slug:verb>/", selection.profile_selection, name="selection"),
    path("ids/", selection_ids.profile_ids, name="ids"),
    path("ids/<uuid:pk>/", selection_ids.profile_ids_found, name="ids-found"),
    path("ids/<uuid:pk>/unknown/", selection_ids.profile_ids_unknown, name="ids-unknown"),
    path("new/", create.profile_create, name="create"),
    path("by-id/", resolve.profile_by_id, name="by-id"),
    path("by-id/<path:distinct_id>/", resolve.profile_by_id, name="by-id"),
    path("<uuid:pk>/", detail.profile_detail, name="detail"),
    path("<uuid:pk>/update/", detail.profile_update, name="update"),
    path("<uuid:pk>/tags/", changes.profile_tags, name="tags"),
    path("<uuid:pk>/disable/", changes.profile_disable, name="disable"),
    path("<uuid:pk>/activate/", changes.profile_activate, name="activate"),
    path("<uuid:pk>/properties/new/", new_property.profile_new_property, name="new-property"),
    path("<uuid:pk>/history/", history.profile_history, name="history"),
    path("<uuid:pk>/delete/", erase.profile_erase, name="erase"),
]
