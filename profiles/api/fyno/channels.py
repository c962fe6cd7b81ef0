"""Channels of one profile: given and taken one by one."""

from django.db import transaction
from django.http import HttpResponse

from profiles.api.common import Call
from profiles.api.common.routes import takes
from profiles.operations.write import ProfileRow, Step

from .bodies import additions, channels_in, texts_in, understood
from .profiles import UNKNOWN, named, write_to
from .protocol import done, object_in, wrong
from .reading import CHANNELS, TOKENS, path_of

_KNOWN = frozenset(CHANNELS)
_MODIFIED = "Channel has been modified successfully"
_NOT_THERE = "Unable to delete channel since the channel does not exist"


@takes("distinct_id")
def add(call: Call, distinct_id: str) -> HttpResponse:
    """A channel of one destination is overwritten; tokens are added to those that are there."""
    body = object_in(call)
    profile = named(call, distinct_id)
    if profile is None:
        raise wrong(UNKNOWN)
    if not body.get("channel"):
        raise wrong("channel is required: an object of at least one channel.")
    values, steps = additions(channels_in(body))
    with transaction.atomic():
        found = understood(call, values, steps)
        write_to(call, profile, ProfileRow(values=found.values, steps=found.steps), missing=UNKNOWN)
    return done(_MODIFIED)


@takes("distinct_id")
def delete(call: Call, distinct_id: str) -> HttpResponse:
    """Whole channels by their names, or single tokens by channel; not both at once."""
    body = object_in(call)
    profile = named(call, distinct_id)
    if profile is None:
        raise wrong(UNKNOWN)
    tokens = {channel: texts_in(body, channel) for channel in TOKENS if channel in body}
    if ("channel" in body) is bool(tokens):
        raise wrong("Give either channel, a list of channels, or tokens by channel: push, inapp or webpush.")
    names = texts_in(body, "channel") if "channel" in body else []
    if not _KNOWN.issuperset(names):
        raise wrong(_NOT_THERE)
    values = {path_of(name): None for name in names}
    steps = [Step(path_of(channel), "remove", gone) for channel, gone in tokens.items()]
    with transaction.atomic():
        found = understood(call, values, steps)
        row = ProfileRow(values=found.values, steps=found.steps)
        outcome = write_to(call, profile, row, missing=UNKNOWN)
    if outcome.status == "unchanged":
        raise wrong(_NOT_THERE)
    return done(_MODIFIED)
