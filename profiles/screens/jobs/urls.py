"""`/w/<workspace>/jobs/`."""

from django.urls import path

from . import changes, detail, listing, news, refused, undo

app_name = "jobs"
urlpatterns = [
    path("", listing.job_list, name="list"),
    path("news/", news.job_news, name="news"),
    path("<int:pk>/", detail.job_detail, name="detail"),
    path("<int:pk>/pause/", changes.job_pause, name="pause"),
    path("<int:pk>/resume/", changes.job_resume, name="resume"),
    path("<int:pk>/cancel/", changes.job_cancel, name="cancel"),
    path("<int:pk>/undo/", undo.job_undo, name="undo"),
    path("<int:pk>/refused/", refused.job_refused, name="refused"),
    path("<int:pk>/refused/file/", refused.job_refused_file, name="refused_file"),
    path("<int:pk>/retry/", refused.job_retry, name="retry"),
]
