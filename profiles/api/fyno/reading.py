"""A profile as Fyno shows it (ProfileRead of contracts 1b)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from profiles.models import IdentifierKind, Profile

from .phones import country_of, spaced

PHONES: Final = ("sms", "whatsapp", "voice")
SINGLE: Final = (*PHONES, "email", "slack", "discord", "teams")
TOKENS: Final = ("push", "inapp", "webpush")
"""Channels with a list of `{token, integration_id, status}` each."""
CHANNELS: Final = SINGLE + TOKENS


def path_of(channel: str) -> str:
    """Where a channel's value is kept: the e-mail address is the profile's own."""
    return "email" if channel == "email" else f"channel.{channel}"


def profile_read(profile: Profile) -> dict[str, Any]:
    """Every key is always there; null where the profile has no such value."""
    raw = dict(_channels(profile))
    return {
        "distinct_id": profile.distinct_id,
        "name": profile.display_name or None,
        "status": 0 if profile.is_disabled else 1,
        "timezone": profile.timezone or None,
        "timezone_offset": _offset(profile.timezone),
        "country_code": country_of(raw.get("sms", "")) or profile.country or None,
        "created_at": _moment(profile.created_at),
        "updated_at": _moment(profile.updated_at),
        "channel": {key: spaced(value) if key in PHONES else value for key, value in raw.items()},
        "properties": profile.custom,
        "id_list": _former_ids(profile),
        "profile_id": str(profile.pk),
        "version": profile.environment,
        "channel_raw": raw,
    }


def _channels(profile: Profile) -> Iterator[tuple[str, Any]]:
    for channel in CHANNELS:
        value = profile.email if channel == "email" else profile.channels.get(channel)
        if value:
            yield channel, value


def _offset(timezone: str) -> str | None:
    """What the zone's clocks are ahead of UTC at this moment: `+05:30`."""
    return datetime.now(ZoneInfo(timezone)).isoformat()[-6:] if timezone else None


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _former_ids(profile: Profile) -> list[str]:
    """The distinct IDs that led to other profiles, or to this one before it was renamed."""
    absorbed = profile.identifiers.filter(kind=IdentifierKind.DISTINCT_ID).order_by("created_at", "value")
    return list(absorbed.values_list("value", flat=True))
