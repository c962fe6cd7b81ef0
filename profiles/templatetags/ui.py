"""`{% load ui %}`: the small pieces of the look."""

from datetime import datetime

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
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


@register.simple_tag
def error_link(field: BoundField, error: str) -> SafeString:
    """What is wrong, as a link to the field. The field is named where the sentence does not name it.

    A sentence that has a link of its own stands after the name, since links cannot be in links.
    """
    target = field.id_for_label or field.auto_id
    if isinstance(error, SafeString):
        return format_html('<a href="#{}">{}</a>: {}', target, field.label, error)
    is_named = str(field.label).casefold() in error.casefold()
    text = error if is_named else f"{field.label}: {error}"
    return format_html('<a href="#{}">{}</a>', target, text)


register.filter("visible", markup.visible)


@register.filter
def notice_icon(level: str) -> str:
    return NOTICE_ICONS.get(level, "info-circle")
