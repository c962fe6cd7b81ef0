"""What becomes of the values of two profiles that are to be one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from profiles.errors import Refused
from profiles.models import MAX_TAGS, Profile, PropertyType
from profiles.queries.profile import values_of
from profiles.schema import Field, Schema, most_tokens, token_key

from .state import differs

SEEN: Final = "last_seen_at"


@dataclass(slots=True)
class Joined:
    """What the survivor gets: `values`, and `tags` besides its own.

    `lost` says by path of how many elements that are united: those for which there is no room.
    """

    values: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)


def state_of_profile(profile: Profile) -> dict[str, Any]:
    """All set values by path, the facts among them."""
    state = {**values_of(profile), "status": profile.status}
    if profile.tags:
        state["tags"] = profile.tags
    if profile.last_seen_at:
        state[SEEN] = profile.last_seen_at.isoformat()
    return state


def join(schema: Schema, survivor: Profile, absorbed: Profile, chosen: Mapping[str, Any]) -> Joined:
    """The survivor's values win, and the absorbed profile's fill its gaps; tags and tokens are united.

    `chosen` values by path (None for unset) come before both. Raises Refused where one of them is neither
    profile's and breaks the rules of its property.
    """
    stays, goes = state_of_profile(survivor), state_of_profile(absorbed)
    joined = Joined(values=_checked(schema, stays, goes, chosen))
    for path, value in goes.items():
        if path in chosen or path in ("status", "tags"):
            continue
        if path not in stays:
            joined.values[path] = value
        elif path == SEEN:
            joined.values[path] = max(value, stays[path], key=datetime.fromisoformat)
        elif known := _tokens_field(schema, path):
            _unite_tokens(joined, known, stays[path], value)
    if "tags" not in chosen:
        _unite_tags(joined, survivor, absorbed)
    return joined


def are_united(schema: Schema, path: str) -> bool:
    """Whether the survivor gets both values: tags, and tokens of a channel."""
    return path == "tags" or _tokens_field(schema, path) is not None


def most_of(schema: Schema, path: str) -> int:
    """How many elements of what is united a profile may have."""
    known = _tokens_field(schema, path)
    return most_tokens(known) if known else MAX_TAGS


def _tokens_field(schema: Schema, path: str) -> Field | None:
    known = schema.field(path)
    return known if known is not None and known.type == PropertyType.TOKENS else None


def _unite_tokens(joined: Joined, known: Field, stays: list[Any], goes: list[Any]) -> None:
    keys = set(map(token_key, stays))
    new = [token for token in goes if token_key(token) not in keys]
    room = max(most_tokens(known) - len(stays), 0)
    if new[:room]:
        joined.values[known.path] = [*stays, *new[:room]]
    if new[room:]:
        joined.lost[known.path] = len(new[room:])


def _unite_tags(joined: Joined, survivor: Profile, absorbed: Profile) -> None:
    known = {tag.lower() for tag in survivor.tags}
    new = [tag for tag in absorbed.tags if tag.lower() not in known]
    room = MAX_TAGS - len(survivor.tags)
    joined.tags = new[:room]
    if new[room:]:
        joined.lost["tags"] = len(new[room:])


def _checked(
    schema: Schema, stays: Mapping[str, Any], goes: Mapping[str, Any], chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """What is stored already may be kept, whatever the rules say by now."""
    stored = {
        path: value
        for path, value in chosen.items()
        if not (differs(value, stays.get(path)) and differs(value, goes.get(path)))
    }
    validated = schema.validate({path: value for path, value in chosen.items() if path not in stored})
    problems = [error.message for error in validated.errors]
    problems += [f"There is no property “{path[:120]}”." for path in validated.unknown]
    if problems:
        raise Refused(" ".join(problems))
    return stored | validated.values
