"""Who is whom: demerge, and phone numbers that have changed hands (contracts 4b)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse

from profiles.api.common import Call
from profiles.errors import Refused
from profiles.imports.origins.person import name_of
from profiles.models import Identifier, IdentifierKind, Merge, Profile, profile_id
from profiles.operations.merging import unmerge
from profiles.operations.write import NewIdentifier, ProfileRow
from profiles.queries.names import is_possible

from .codes import NO_IDENTITY, PHONE
from .holders import holders, plain, update
from .protocol import MOST_IDS, answer, bad_request, object_in, records_in, unprocessed, upshot

NOT_TO_BE_UNDONE: Final = 409


def demerge(call: Call) -> HttpResponse:
    """Take back the merges by which these identities came to others; one that never did is no error."""
    given = object_in(call).get("identities")
    names = [name_of(each) for each in given] if isinstance(given, list) else []
    if not names or not all(names):
        raise bad_request("“identities” has to be a list of identities, and none of them empty.")
    if len(names) > MOST_IDS:
        raise bad_request(f"A request takes at most {MOST_IDS} identities; this one has {len(names):,}.")
    failures = []
    for pk in _merges(call, names):
        # Read anew, since those before it may have moved it, and others may have taken it back.
        for merge in Merge.objects.filter(pk=pk):
            try:
                unmerge(merge, door=call.door, actor=call.key)
            except Refused as refusal:
                failures.append(unprocessed(merge.distinct_id, NOT_TO_BE_UNDONE, str(refusal)))
    return upshot(len(names), failures) if failures else answer()


def _merges(call: Call, names: list[str]) -> list[int]:
    """Their ids, the newest first: one whose survivor was merged in its turn comes after that."""
    ids = [profile_id(call.workspace, call.environment, name) for name in names if is_possible(name)]
    found = Merge.objects.filter(absorbed__in=ids, profile__workspace=call.workspace)
    return list(found.exclude(snapshot={}).order_by("-pk").values_list("pk", flat=True))


def disassociate(call: Call) -> HttpResponse:
    """Take phone numbers from whoever has them, so that the next one who brings them is somebody new."""
    records = records_in(call)
    phones = [_phone_of(call, raw) for raw in records]
    reasons = _free(call, {phone for phone in phones if phone})
    failures = []
    for raw, phone in zip(records, phones, strict=True):
        if not phone:
            failures.append(
                unprocessed(raw, PHONE, "A “type” phone and a phone number as “value” are expected.")
            )
        elif reason := reasons.get(phone):
            failures.append(unprocessed(raw, NO_IDENTITY, reason))
    return upshot(len(records), failures)


def _phone_of(call: Call, raw: Any) -> str:
    if not isinstance(raw, dict) or raw.get("type") != "phone":
        return ""
    return plain(call, "phone", raw.get("value"))


def _free(call: Call, phones: set[str]) -> dict[str, str]:
    """Why some of the numbers could not be taken from anybody."""
    found = holders(call, "phone", phones)
    reasons = dict.fromkeys(phones - found.keys(), "No profile has this phone number.")
    names = _names_of(profile for people in found.values() for profile in people)
    rows = [_without(profile, names[profile.pk]) for people in found.values() for profile in people]
    for row, outcome in zip(rows, update(call, rows), strict=True):
        if outcome.reasons:
            reasons[str((row.expected or {})["phone"])] = " ".join(outcome.reasons)
    return reasons


def _names_of(people: Iterable[Profile]) -> dict[UUID, list[Identifier]]:
    names: dict[UUID, list[Identifier]] = defaultdict(list)
    mine = Identifier.objects.filter(profile_id__in=[each.pk for each in people], kind=IdentifierKind.PHONE)
    for name in mine:
        names[name.profile_id].append(name)
    return names


def _without(profile: Profile, names: list[Identifier]) -> ProfileRow:
    """Without the number as a property, a channel and an identifier, unless it has another one by now."""
    paths = [
        "phone",
        *(f"channel.{key}" for key, value in profile.channels.items() if value == profile.phone),
    ]
    return ProfileRow(
        distinct_id=profile.distinct_id,
        environment=profile.environment,
        values=dict.fromkeys(paths),
        expected={"phone": profile.phone},
        remove_identifiers=[
            NewIdentifier(name.value, name.kind, name.source, name.type)
            for name in names
            if name.value == profile.phone
        ],
    )
