"""`/w/<workspace>/receipts/`."""

from django.urls import path

from . import views

app_name = "receipts"
urlpatterns = [
    path("", views.receipt_list, name="list"),
    path("<uuid:pk>/", views.receipt_detail, name="detail"),
    path("<uuid:pk>.json", views.receipt_json, name="json"),
]
