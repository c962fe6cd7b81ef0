"""`/w/<workspace>/properties/`."""

from django.urls import path

from . import views

app_name = "properties"
urlpatterns = [
    path("", views.property_list, name="list"),
    path("create/", views.property_create, name="create"),
    path("<int:pk>/edit/", views.property_edit, name="edit"),
    path("<int:pk>/archive/", views.property_archive, name="archive"),
    path("<int:pk>/unarchive/", views.property_unarchive, name="unarchive"),
    path("<int:pk>/move/", views.property_move, name="move"),
    path("<int:pk>/retry-index/", views.property_retry_index, name="retry_index"),
]
