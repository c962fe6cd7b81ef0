"""`/w/<workspace>/exports/`."""

from django.urls import path

from . import download, new

app_name = "exports"
urlpatterns = [
    path("new/", new.export_new, name="new"),
    path("<uuid:pk>/", download.export_download, name="download"),
]
