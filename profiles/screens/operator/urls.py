from django.urls import path

from . import views

app_name = "operator"
urlpatterns = [
    path("preferences/", views.operator_preferences, name="preferences"),
    path("password/", views.operator_password, name="password"),
    path("theme/", views.operator_theme, name="theme"),
]
