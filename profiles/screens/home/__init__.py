"""The front door: leads an operator to the profiles of their workspace."""

from .views import home

__all__ = ["home"]
