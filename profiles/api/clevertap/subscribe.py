"""POST subscribe: who wants no more messages by a channel, kept as CleverTap's flags (contracts 4a, 4b)."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse

from profiles.api.common import Call
from profiles.operations.incoming import Incoming, understand
from profiles.operations.write import ProfileRow

from .codes import EMAIL, NO_IDENTITY, NOT_A_RECORD, PHONE
from .holders import holders, plain, update
from .protocol import records_in, unprocessed, upshot

# By the type of a record: the property that holds the value, and the flag of its channel.
_CHANNELS: Final = {
    "email": ("email", "custom.MSG-email"),
    "phone": ("phone", "custom.MSG-sms"),
    "whatsapp": ("phone", "custom.MSG-whatsapp"),
}
_WISHES: Final = {"unsubscribe": False, "resubscribe": True}
_BAD: Final = {"email": EMAIL, "phone": PHONE, "whatsapp": PHONE}


@dataclass(frozen=True, slots=True)
class _Wish:
    place: int
    path: str
    value: str
    flag: str
    is_wanted: bool


def subscribe(call: Call) -> HttpResponse:
    """Set the flag of every profile that shares the value; of two wishes about it, the later one counts."""
    records = records_in(call)
    failures: dict[int, dict[str, Any]] = {}
    wishes = []
    for place, raw in enumerate(records):
        wish = _wish(call, place, raw)
        if isinstance(wish, _Wish):
            wishes.append(wish)
        else:
            failures[place] = unprocessed(raw, *wish)
    for place, sentence in _set_flags(call, wishes).items():
        failures[place] = unprocessed(records[place], NO_IDENTITY, sentence)
    return upshot(len(records), [failures[place] for place in sorted(failures)])


def _wish(call: Call, place: int, raw: Any) -> _Wish | tuple[int, str]:
    """Or the code and the sentence of what is wrong."""
    if not isinstance(raw, dict) or str(raw.get("type")) not in _CHANNELS:
        return NOT_A_RECORD, "The type needs to be email/phone/whatsapp."
    wanted = _WISHES.get(str(raw.get("status")).lower())
    if wanted is None:
        return NOT_A_RECORD, "The status needs to be Unsubscribe/Resubscribe."
    path, flag = _CHANNELS[raw["type"]]
    if value := plain(call, path, raw.get("value")):
        return _Wish(place, path, value, flag, wanted)
    return _BAD[raw["type"]], "The value is not valid."


def _set_flags(call: Call, wishes: list[_Wish]) -> dict[int, str]:
    """Why some wishes could not be kept, by their place."""
    found = {
        path: holders(call, path, {wish.value for wish in wishes if wish.path == path})
        for path in {wish.path for wish in wishes}
    }
    wished = {wish.flag: True for wish in wishes}
    (flags,) = understand(call.workspace, [Incoming(wished)], actor=call.key)
    reasons, rows, places = {}, [], []
    for wish in wishes:
        people = found[wish.path].get(wish.value, ())
        if problem := flags.problems.get(wish.flag) or (
            "" if people else f"No profile has this {wish.path}."
        ):
            reasons[wish.place] = problem
            continue
        for profile in people:
            rows.append(ProfileRow(profile.distinct_id, call.environment, values={wish.flag: wish.is_wanted}))
            places.append(wish.place)
    for place, outcome in zip(places, update(call, rows), strict=True):
        if outcome.reasons:
            reasons[place] = " ".join(outcome.reasons)
    return reasons
