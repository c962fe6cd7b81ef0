"""Whom identifiers mean: `identity` is the distinct ID, `objectId` (and `guid`) the id of the profile."""

import re
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from profiles.api.common import Call
from profiles.imports.origins.clevertap import OBJECT_ID, SOURCE
from profiles.models import Identifier, Profile, identifier_id
from profiles.queries.names import find_by_ids, is_possible

_UUID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def object_id(profile: Profile) -> str:
    """As CleverTap writes its own: without dashes."""
    return profile.pk.hex


def find_by_object_ids(call: Call, given: Collection[str]) -> dict[str, Profile]:
    """Profiles by objectId: ours, with or without dashes, or one of CleverTap's that an import brought."""
    ids = {name: UUID(name) for name in given if _UUID.fullmatch(name)}
    known = find_by_ids(call.workspace, call.environment, set(ids.values()))
    found = {name: known[key] for name, key in ids.items() if key in known}
    return found | find_by_kind(call, OBJECT_ID, [name for name in given if name not in found])


def find_by_kind(call: Call, kind: str, values: Iterable[str]) -> dict[str, Profile]:
    """Profiles by another identifier that CleverTap knows: `fbid`, `gpid`. Two queries at most."""
    keys = {
        identifier_id(call.workspace, call.environment, source=SOURCE, kind=kind, value=value): value
        for value in values
        if is_possible(value)
    }
    if not keys:
        return {}
    owners = dict(Identifier.objects.filter(pk__in=keys).values_list("pk", "profile_id"))
    known = find_by_ids(call.workspace, call.environment, set(owners.values()))
    return {keys[key]: known[owner] for key, owner in owners.items() if owner in known}
