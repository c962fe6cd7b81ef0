"""CleverTap: uploads (`{"d": [...]}`), downloads (`{"records": [...]}`), or their records as JSON lines."""

import re
from typing import Any, Final

from .person import NAMES as COMMON_NAMES
from .person import Origin, Person, described, identified, moment_of, name_of

NAMES: Final = {
    **COMMON_NAMES,
    "Name": "name",
    "Email": "email",
    "Phone": "phone",
    "Gender": "gender",
    "DOB": "birthday",
    "Photo": "avatar_url",
    "Tz": "timezone",
    "Timezone": "timezone",
    "City": "city",
    "Country": "country",
    "Language": "language",
    "First Name": "first_name",
    "Last Name": "last_name",
}
"""The properties that keys of `profileData` are here."""

GENDERS: Final = {"M": "male", "F": "female"}
SOURCE: Final = "clevertap"
OBJECT_ID: Final = "clevertap_id"
"""The kind of identifier that an ID is which CleverTap made itself."""

_IDS: Final = ("identity", "objectId", "FBID", "GPID")
_KIND: Final = {"identity": "distinct_id", "objectId": OBJECT_ID, "guid": OBJECT_ID}
_OTHERS: Final = {"event": "an event", "token": "a push token"}
_DATE: Final = re.compile(r"\$D_(-?\d{1,13})")
_DAY: Final = 86_400
_DIGITS: Final = re.compile(r"[1-9]\d{9,14}")


def read(record: dict[str, Any]) -> Person:
    kind = record.get("type", "profile")
    if kind != "profile" or "evtName" in record:
        raise ValueError(f"This is {_OTHERS.get(str(kind), 'an event')}, not a profile.")
    if "profileData" not in record:
        raise ValueError("A profile of CleverTap has “profileData”; this record has none.")
    person = Person(_values(record))
    distinct_id = next((name for key in _IDS if (name := name_of(record.get(key)))), "")
    _know(person, record, distinct_id)
    return identified(person, distinct_id)


def _values(record: dict[str, Any]) -> dict[str, Any]:
    values = {
        path: value_of(path, raw)
        for path, raw in described(record["profileData"], NAMES, "profileData").items()
    }
    for key in ("name", "email", "phone"):
        if record.get(key) and key not in values:
            values[key] = value_of(key, record[key])
    return values


def value_of(path: str, raw: Any) -> Any:
    """What is here what `raw` is there: dates are `$D_` and seconds, genders a letter, and a phone number has
    its country code, with + or without. Raises ValueError for seconds beyond the calendar.
    """
    if path == "gender" and isinstance(raw, str):
        return GENDERS.get(raw.strip().upper(), raw)
    seconds = int(found[1]) if isinstance(raw, str) and (found := _DATE.fullmatch(raw.strip())) else None
    if path == "birthday":
        return _day_of(raw if seconds is None else seconds)
    if seconds is not None:
        return moment_of(seconds)
    if path == "phone" and _DIGITS.fullmatch(name_of(raw)):
        return f"+{name_of(raw)}"
    return raw


def _day_of(raw: Any) -> Any:
    """Seconds are those of a midnight somewhere: of the one that is nearest in UTC."""
    if not isinstance(raw, int) or isinstance(raw, bool):
        return raw
    return moment_of((raw + _DAY // 2) // _DAY * _DAY)


def _know(person: Person, record: dict[str, Any], distinct_id: str) -> None:
    for key in ("identity", "objectId", "guid", "FBID", "GPID"):
        kind = _KIND.get(key, key.lower())
        if kind == OBJECT_ID or name_of(record.get(key)) != distinct_id:
            person.know_as(record.get(key), kind, source=SOURCE)
    others = record.get("all_identities")
    for other in others if isinstance(others, list) else ():
        if name_of(other) not in (distinct_id, *map(name_of, person.values.values())):
            person.know_as(other, "distinct_id", source=SOURCE)
    devices = record.get("platformInfo")
    for device in devices if isinstance(devices, list) else ():
        if isinstance(device, dict):
            person.know_as(device.get("objectId"), OBJECT_ID, source=SOURCE)


ORIGIN = Origin("CleverTap", ("d", "records"), read)
