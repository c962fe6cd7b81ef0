"""The records of an upload: what each is, whom it is about, and the codes for what is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from profiles.imports.origins.clevertap import SOURCE
from profiles.imports.origins.person import moment_of, name_of
from profiles.operations.incoming import CUSTOM, Incoming
from profiles.operations.rows import NewIdentifier, Step

from .codes import (
    AGE,
    BAD_OBJECT_ID,
    EDUCATION,
    EMAIL,
    EMPLOYED,
    EVENT,
    GENDER,
    MARRIED,
    NO_IDENTITY,
    NOT_A_RECORD,
    NOT_AN_EPOCH,
    PHONE,
    TOKEN_DATA,
    TOKEN_ID,
    TOKEN_NO_TYPE,
    TOKEN_TYPE,
    UNFIT,
    Skipped,
)
from .properties import MOST_KEYS, MOST_VALUES, describe

_CODES: Final = {
    "gender": GENDER,
    "email": EMAIL,
    "phone": PHONE,
    "custom.Employed": EMPLOYED,
    "custom.Education": EDUCATION,
    "custom.Married": MARRIED,
    "custom.Age": AGE,
}
_WORDS: Final = {
    "gender": {"male": "male", "female": "female"},
    "custom.Employed": {"y": "Y", "n": "N"},
    "custom.Education": {"school": "School", "college": "College", "graduate": "Graduate"},
    "custom.Married": {"y": "Y", "n": "N"},
}
_OLDEST: Final = 150
_TOKENS: Final = frozenset({"apns", "gcm", "fcm", "wns", "mpns"})
KINDS: Final = {"FBID": "fbid", "GPID": "gpid"}
"""Identifiers that are kept beside the distinct ID."""


@dataclass(slots=True)
class Record:
    """A sound record: `key` and `name` say whom it is about (`identity`, `objectId`, `FBID` or `GPID`).

    `identifiers` are further names of the same person; `problems` what is left out, by key.
    """

    key: str
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    identifiers: list[NewIdentifier] = field(default_factory=list)
    is_token: bool = False

    def incoming(self) -> Incoming:
        return Incoming({"distinct_id": self.name, **self.values}, self.steps)

    def loses_nothing(self, path: str) -> bool:
        """Where there is no such property: it was to be unset, or an element taken from it."""
        steps = [step for step in self.steps if step.path == path]
        is_unset = path in self.values and self.values[path] is None
        return (
            path.startswith(CUSTOM) and (is_unset or bool(steps)) and all(s.deed == "remove" for s in steps)
        )


def read_record(raw: Any) -> Record:
    """Raises Skipped, with the code of contracts 4b."""
    if not isinstance(raw, dict):
        raise Skipped(NOT_A_RECORD)
    if (ts := raw.get("ts")) is not None:
        _check_time(ts)
    match raw.get("type"):
        case "profile":
            return _profile(raw)
        case "token":
            return _token(raw)
        case "event":
            raise Skipped(EVENT)
    raise Skipped(NOT_A_RECORD)


def code_of(problems: Iterable[str]) -> int:
    """The documented code that skips a record with these problems by path; 0 where only they are left out."""
    return min((_CODES[path] for path in problems if path in _CODES), default=0)


def _profile(raw: dict[str, Any]) -> Record:
    key, name = _subject(raw)
    data = raw.get("profileData")
    if not isinstance(data, dict):
        raise Skipped(NOT_A_RECORD, "Profile data is missing.")
    if len(data) > MOST_KEYS:
        raise Skipped(UNFIT, f"Profile data is incorrect. It has more than {MOST_KEYS} keys.")
    described = describe(data)
    _check_words(described.values)
    names = list(_other_names(raw))
    return Record(key, name, described.values, described.steps, described.problems, names)


def _subject(raw: dict[str, Any]) -> tuple[str, str]:
    """An objectId is of one profile, so it comes before what may be a new person's; then identity."""
    for key in ("objectId", "identity", "FBID", "GPID"):
        if (given := raw.get(key)) is not None and given != "":
            if name := name_of(given):
                return key, name
            raise Skipped(BAD_OBJECT_ID if key == "objectId" else NO_IDENTITY)
    raise Skipped(NO_IDENTITY)


def _other_names(raw: dict[str, Any]) -> Iterator[NewIdentifier]:
    for other, kind in KINDS.items():
        if other in raw and (value := name_of(raw[other])):
            yield NewIdentifier(value, kind, SOURCE)


def _check_time(ts: Any) -> None:
    seconds = int(ts) if isinstance(ts, str) and ts.isascii() and ts.isdigit() and len(ts) < 16 else ts
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        raise Skipped(NOT_AN_EPOCH)
    try:
        moment_of(seconds)
    except ValueError:
        raise Skipped(NOT_AN_EPOCH) from None


def _check_words(values: dict[str, Any]) -> None:
    """CleverTap's own vocabulary, in whatever case; what else a value has to be, the schema says."""
    for path, words in _WORDS.items():
        if (raw := values.get(path)) is not None and raw != "":
            word = words.get(raw.strip().lower()) if isinstance(raw, str) else None
            if word is None:
                raise Skipped(_CODES[path])
            values[path] = word
    if (age := values.get("custom.Age")) is not None and age != "":
        values["custom.Age"] = _age(age)


def _age(raw: Any) -> int:
    number = int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 4 else raw
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _OLDEST:
        raise Skipped(AGE)
    return number


def _token(raw: dict[str, Any]) -> Record:
    """A token of a device becomes one of the person's push tokens."""
    key, name = _subject(raw)
    data = raw.get("tokenData")
    if not isinstance(data, dict):
        raise Skipped(TOKEN_DATA)
    token, kind = data.get("id"), data.get("type")
    if token is None or token == "":
        raise Skipped(TOKEN_ID)
    if kind is None or kind == "":
        raise Skipped(TOKEN_NO_TYPE)
    if not isinstance(kind, str) or kind.lower() not in _TOKENS:
        raise Skipped(TOKEN_TYPE)
    step = Step("channel.push", "append", [{"token": token}], most=MOST_VALUES)
    return Record(key, name, steps=[step], is_token=True)
