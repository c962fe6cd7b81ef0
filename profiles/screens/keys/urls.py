"""`/w/<workspace>/keys/`."""

from django.urls import path

from . import changes, views

app_name = "keys"
urlpatterns = [
    path("", views.key_list, name="list"),
    path("create/", views.key_create, name="create"),
    path("<int:pk>/", views.key_detail, name="detail"),
    path("<int:pk>/edit/", views.key_edit, name="edit"),
    path("<int:pk>/rotate/", changes.key_rotate, name="rotate"),
    path("<int:pk>/end-overlap/", changes.key_end_overlap, name="end_overlap"),
    path("<int:pk>/revoke/", changes.key_revoke, name="revoke"),
]
