"""The records of an upload: what each is, whom it is about, and the codes for what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from profiles.imports.origins.clevertap import SOURCE
from profiles.imports.origins.person import moment_of, name_of
from profiles.operations.incoming import CUSTOM, Incoming
from profiles.operations.rows import NewIdentifier, Step

from .properties import MOST_KEYS, MOST_VALUES, describe

# Ours: CleverTap has no code for a value of the wrong type, and its numbers leave this one free.
UNFIT: Final = 521
NO_IDENTITY: Final = 523
NOT_A_RECORD: Final = 524
NOT_AN_EPOCH: Final = 525
BAD_OBJECT_ID: Final = 526
EVENT: Final = 528
TOKEN_OBJECT_ID, TOKEN_DATA, TOKEN_ID, TOKEN_NO_TYPE, TOKEN_TYPE = 530, 531, 532, 533, 534

_SENTENCES: Final[Mapping[int, str]] = {
    514: "Profile data is incorrect. Gender needs to be M/F.",
    515: "Profile data is incorrect. Email is not valid.",
    516: "Profile data is incorrect. Phone number is not valid.",
    517: "Profile data is incorrect. Employed needs to be Y/N.",
    518: "Profile data is incorrect. Education needs to be School/College/Graduate.",
    519: "Profile data is incorrect. Married needs to be Y/N.",
    520: "Profile data is incorrect. Age is invalid.",
    NO_IDENTITY: "Identity is missing or not valid.",
    NOT_A_RECORD: "Data is neither event nor profile.",
    NOT_AN_EPOCH: "Timestamp should be present in the Unix Epoch format. ",
    BAD_OBJECT_ID: "ObjectId is not valid.",
    EVENT: "Events are not taken yet: this one is discarded.",
    TOKEN_OBJECT_ID: "Token data is incorrect. ObjectId is not valid.",
    TOKEN_DATA: "Token data is incorrect.",
    TOKEN_ID: "Token data is incorrect. The id is missing.",
    TOKEN_NO_TYPE: "Token data is incorrect. The type is missing.",
    TOKEN_TYPE: "Token data is incorrect. The type needs to be apns/gcm/fcm/wns/mpns.",
}
_CODES: Final = {
    "gender": 514,
    "email": 515,
    "phone": 516,
    "custom.Employed": 517,
    "custom.Education": 518,
    "custom.Married": 519,
    "custom.Age": 520,
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


class Skipped(Exception):
    """The record is not taken."""

    def __init__(self, code: int, sentence: str = "") -> None:
        super().__init__(sentence or _SENTENCES[code])
        self.code = code


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


def code_of(problems: Mapping[str, str]) -> int:
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
        raise Skipped(520)
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
