"""What Fyno's bodies of profiles and channels mean: raw values by path."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from profiles.api.common import Call
from profiles.models import Status
from profiles.operations.incoming import CUSTOM, Incoming, Understood, understand
from profiles.operations.write import Step
from profiles.schema import schema_of

from .phones import with_plus
from .protocol import wrong
from .reading import CHANNELS, PHONES, SINGLE, path_of

_OWN: Final = ("name", "timezone")
_KNOWN: Final = ("distinct_id", "name", "status", "timezone", "channel", "properties")
_ONLY_READ: Final = frozenset(
    (
        *("timezone_offset", "country_code", "created_at", "updated_at"),
        *("id_list", "profile_id", "version", "channel_raw"),
    )
)
"""What a profile that was read has besides; sent back, it means nothing, so that it can be sent back."""


def values_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a profile but for its distinct ID and channels. Raises ApiError for any other key."""
    for key in body:
        if key not in _KNOWN and key not in _ONLY_READ:
            raise wrong(f"{key[:100]} is not allowed: the keys of a profile are {', '.join(_KNOWN)}.")
    values = {key: body[key] for key in _OWN if key in body}
    if "status" in body:
        values["status"] = _status(body["status"])
    properties = _object(body.get("properties"), "properties")
    return values | {f"{CUSTOM}{key}": value for key, value in properties.items()}


def channels_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each channel in it, null for one to clear. Raises ApiError for a channel that is none."""
    channels = _object(body.get("channel"), "channel")
    for channel in channels:
        if channel not in CHANNELS:
            raise wrong(f"channel.{channel[:100]} is not allowed: the channels are {', '.join(CHANNELS)}.")
    return {channel: with_plus(value) if channel in PHONES else value for channel, value in channels.items()}


def paths_of(channels: Mapping[str, Any]) -> dict[str, Any]:
    return {path_of(channel): value for channel, value in channels.items()}


def all_channels(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values of channels by path, and null for every other channel that can be written."""
    schema = schema_of(call.workspace)
    cleared = {path: None for path in map(path_of, CHANNELS) if schema.field(path)}
    return cleared | paths_of(given)


def additions(channels: Mapping[str, Any]) -> tuple[dict[str, Any], list[Step]]:
    """What channels of one destination become, and the tokens that are to be added to the other channels."""
    values = {path_of(key): value for key, value in channels.items() if key in SINGLE}
    steps = [
        Step(path_of(key), "append", value)
        for key, value in channels.items()
        if key not in SINGLE and value is not None
    ]
    return values, steps


def understood(call: Call, values: Mapping[str, Any], steps: Sequence[Step] = ()) -> Understood:
    """Fit to be written. Raises ApiError with all that does not fit; to be called in a transaction."""
    (found,) = understand(call.workspace, [Incoming(values, steps)], actor=call.key)
    if found.problems:
        raise wrong(" ".join(dict.fromkeys(found.problems.values()))[:2_000])
    return found


def texts_in(body: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts that is not empty. Raises ApiError."""
    found = body.get(key)
    texts = [str(each) if type(each) is int else each for each in found] if isinstance(found, list) else []
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise wrong(f"{key} has to be a list of texts, of at least one.")
    return texts


def _object(value: Any, key: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(f"{key} has to be an object.")
    return value


def _status(raw: Any) -> Any:
    """1 or 0; null is 1 (contracts 1b). true and false are what the form has."""
    if raw is None:
        return Status.ACTIVE
    return int(raw) if isinstance(raw, bool) else raw
