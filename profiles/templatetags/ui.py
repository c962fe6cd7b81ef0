"""`{% load ui %}`: the small pieces of the look."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from profiles.screens.common import markup

register = template.Library()

register.simple_tag(markup.icon)
register.simple_tag(markup.badge)
register.simple_tag(markup.tag_chip)
register.simple_tag(markup.avatar)

NOTICE_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "exclamation-circle"}


@register.simple_tag
def exact_time(value: datetime | None, look: str = "") -> SafeString:
    """`{% exact_time value %}` is short; `{% exact_time value "long" %}` has the hour."""
    return markup.exact_time(value, is_long=look == "long")


@register.filter
def user_text(value: object, limit: int = 80) -> SafeString:
    return markup.user_text(value, limit=limit)


@register.filter
def notice_icon(level: str) -> str:
    return NOTICE_ICONS.get(level, "info-circle")
