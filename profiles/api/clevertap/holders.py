"""Everybody who has an e-mail or a phone number, for records that are about the number itself."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models.functions import Lower

from profiles.api.common import Call
from profiles.models import Profile
from profiles.operations.write import Outcome, ProfileRow, write_profiles
from profiles.schema import schema_of

_AT_ONCE = 1_000


def plain(call: Call, path: str, raw: Any) -> str:
    """The `email` or `phone` as it is compared; empty where it is none."""
    if not isinstance(raw, str):
        return ""
    value = schema_of(call.workspace).validate({path: raw}).values.get(path)
    return value.lower() if isinstance(value, str) else ""


def holders(call: Call, path: str, values: Collection[str]) -> dict[str, list[Profile]]:
    """By value as `plain` gives it, whoever has it as `email` or `phone`. Each has an index."""
    found: dict[str, list[Profile]] = defaultdict(list)
    people = Profile.objects.alias(lower_email=Lower("email")).order_by("pk")
    lookup = "lower_email__in" if path == "email" else "phone__in"
    people = people.filter(**{lookup: list(values)})
    for profile in people.filter(workspace=call.workspace, environment=call.environment):
        found[getattr(profile, path).lower()].append(profile)
    return found


def update(call: Call, rows: Sequence[ProfileRow]) -> Iterator[Outcome]:
    """Write them, a thousand at once: many people may share an address."""
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        yield from write_profiles(call.workspace, batch, mode="update", source=call.door, actor=call.key)
