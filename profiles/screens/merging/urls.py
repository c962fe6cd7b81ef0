"""`/w/<workspace>/merging/`: two profiles become one, and two again."""

from django.urls import path

from . import compare, find, undo

app_name = "merging"
urlpatterns = [
    path("<uuid:pk>/", find.merge_find, name="find"),
    path("<uuid:pk>/<uuid:other>/", compare.merge_compare, name="compare"),
    path("undo/<int:pk>/", undo.merge_undo, name="undo"),
]
