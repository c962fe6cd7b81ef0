"""`/w/<workspace>/imports/`: the four steps of an import, and the imports there were."""

from django.urls import path

from . import discard, listing, mapping, presets, preview, reading, run, upload

app_name = "imports"

urlpatterns = [
    path("", listing.import_list, name="list"),
    path("new/", upload.import_new, name="new"),
    path("<uuid:pk>/mapping/", mapping.import_mapping, name="mapping"),
    path("<uuid:pk>/reading/", reading.import_reading, name="reading"),
    path("<uuid:pk>/preset/", presets.import_preset, name="preset"),
    path("<uuid:pk>/preview/", preview.import_preview, name="preview"),
    path("<uuid:pk>/again/", preview.import_again, name="again"),
    path("<uuid:pk>/run/", run.import_run, name="run"),
    path("<uuid:pk>/discard/", discard.import_discard, name="discard"),
]
