"""Small pieces of HTML, for templates (through `{% load ui %}`) and for table columns alike."""

import re
import zlib
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from html import escape
from typing import Final

from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from profiles.models import TagColour

SPRITE: Final = "vendor/tabler-icons-3.51.0.svg"
# Control characters, overrides of direction, and what takes no room. The two joiners belong into emoji and
# some scripts, and are out of place beside ASCII and at the ends.
_UNSEEN: Final = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    r"|(?<![^\0-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\0-\x7f])"
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@cache
def icon(name: str, classes: str = "") -> SafeString:
    """The named drawing of assets/icons.txt. It is decoration: give the control a label of its own."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f"icon {classes}".strip(),
        staticfiles_storage.url(SPRITE),
        name,
    )


def exact_time(value: datetime | None, *, is_long: bool = False) -> SafeString:
    """A moment in the operator's timezone: short or, `is_long`, with the hour; to the second on hover.

    At the edges of the calendar a moment may have no year there, and shows in the timezone it came with: UTC.
    """
    if value is None:
        return NOTHING
    try:
        local = timezone.localtime(value)
    except OverflowError:
        local = value
    written = local.isoformat(timespec="seconds")
    hour, zone = written[11:19], f"{local.tzname()} (UTC{written[19:]})"
    text = f"{_day(local.date())}, {hour[:5]}" if is_long else _age(value) or _day(local.date())
    # Nothing here comes from a person, so there is nothing to escape.
    return SafeString(
        f'<time datetime="{written}" title="{_day_in_full(local.date())}, {hour} {zone}">{text}</time>'
    )


def visible(text: str) -> str:
    """Characters that cannot be seen, or turn others around, as their code: to show, not to copy or post."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def user_text(value: object, *, limit: int = 80) -> SafeString:
    """What a person or an application wrote: cut for the eye, whole on hover, in its own direction."""
    text = "" if value is None else visible(str(value))
    if not text:
        return NOTHING
    if len(text) <= limit:
        return SafeString(f"<bdi>{escape(text)}</bdi>")
    return format_html('<bdi title="{}">{}…</bdi>', text, text[: limit - 1])


@lru_cache(maxsize=1_000)
def badge(text: str, look: str) -> SafeString:
    """A state in a word. Looks: good, warn, bad, info, quiet."""
    return format_html('<span class="state state-{}">{}</span>', look, text)


@lru_cache(maxsize=10_000)
def tag_chip(name: str, colour: str = "") -> SafeString:
    name = visible(name)
    return format_html(
        '<span class="chip chip-{}"><bdi title="{}">{}</bdi></span>', colour or "plain", name, name
    )


def avatar(name: str, size: str = "") -> SafeString:
    """The initials of a name, on a colour that stays the same for the same name. Sizes: sm, lg."""
    return format_html(
        '<span class="initials initials-{} chip-{}" aria-hidden="true">{}</span>',
        size or "md",
        TagColour.values[zlib.crc32(name.encode()) % len(TagColour.values)],
        initials(name),
    )


def initials(name: str) -> str:
    """One or two capitals: of the first and the last word that begin with a letter or a digit."""
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in chosen).upper()[:2] or "?"


NOTHING: Final = mark_safe('<span class="nothing" title="Not set">–</span>')


def _age(value: datetime) -> str:
    """In words where it is less than a day, else nothing."""
    age = timezone.now() - value
    if not timedelta(0) <= age < DAY:
        return ""
    if age < MINUTE:
        return "just now"
    return f"{age // MINUTE} min ago" if age < HOUR else f"{age // HOUR} h ago"


# A page shows a hundred moments of far fewer days, and strftime takes as long as all the rest of a cell.
@lru_cache(maxsize=10_000)
def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


@lru_cache(maxsize=10_000)
def _day_in_full(day: date) -> str:
    return f"{day:%A, %-d %B %Y}"
