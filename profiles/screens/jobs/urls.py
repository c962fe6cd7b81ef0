"""`/w/<workspace>/jobs/`."""

from django.urls import path

from . import detail, listing

app_name = "jobs"
urlpatterns = [
    path("", listing.job_list, name="list"),
    path("<int:pk>/", detail.job_detail, name="detail"),
]
