"""What three or more screens share."""

from .access import WorkspaceRequest, role_required
from .screen import render_screen, send_to

__all__ = ["WorkspaceRequest", "render_screen", "role_required", "send_to"]
