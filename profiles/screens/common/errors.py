"""Answers to requests that went wrong before a screen saw them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token was missing or stale: say so, and how to go on."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
