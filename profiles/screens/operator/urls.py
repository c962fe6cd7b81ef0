from django.urls import path

from . import views

app_name = "operator"
urlpatterns = [
    path("preferences/", views.operator_preferences, name="preferences"),
    path("theme/", views.operator_theme, name="theme"),
]
