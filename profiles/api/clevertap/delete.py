"""POST delete/profiles.json (contracts 4b, seed 003)."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse

from profiles.api.common import Call
from profiles.imports.origins.person import name_of
from profiles.operations.erase import erase_profiles
from profiles.queries.names import find_profiles

from .people import find_by_object_ids
from .protocol import MOST_IDS, answer, bad_request, object_in

_KEYS: Final = ("identity", "guid")


def delete_profiles(call: Call) -> HttpResponse:
    """Erase up to 100 people at once, before we answer; IDs that nobody has are no error (contracts 8.4)."""
    body = object_in(call)
    given = [key for key in _KEYS if body.get(key) is not None]
    if len(given) != 1:
        raise bad_request("Give one of identity and guid, not both." if given else "Give identity or guid.")
    (key,) = given
    ids = _ids_of(call, key, _names_in(key, body[key]))
    if ids:
        erase_profiles(call.workspace, ids, source=call.door, actor=call.key)
    return answer()


def _names_in(key: str, given: Any) -> list[str]:
    values = given if isinstance(given, list) else [given]
    names = [name_of(value) for value in values]
    if not names or not all(names):
        raise bad_request(f"“{key}” has to be an ID or a list of IDs, and none of them empty.")
    if len(names) > MOST_IDS:
        raise bad_request(f"A request takes at most {MOST_IDS} IDs; this one has {len(names):,}.")
    return names


def _ids_of(call: Call, key: str, names: list[str]) -> set[UUID]:
    if key == "identity":
        found = find_profiles(call.workspace, call.environment, names)
    else:
        found = find_by_object_ids(call, names)
    return {profile.pk for profile in found.values()}
