"""How a screen answers: the whole page, or the part of it that htmx asked for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from .access import WorkspaceRequest


def send_to(request: WorkspaceRequest, url: str) -> HttpResponse:
    """Redirect after a form. Where htmx sent it, the browser goes there: nothing is swapped into a dialog."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def render_screen(
    request: WorkspaceRequest, *, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render `fragment` for an htmx swap, `page` for a visit, a boosted link or a history restore."""
    htmx = request.htmx
    is_swap = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    answer = render(request, fragment if is_swap else page, context | {"is_swap": is_swap}, status=status)
    patch_vary_headers(answer, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return answer
