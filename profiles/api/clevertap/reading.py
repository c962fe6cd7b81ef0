"""GET profile.json, and the record of a profile as CleverTap writes one (contracts 4b)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower
from django.http import HttpResponse

from profiles.api.common import ApiError, Call, Reason
from profiles.imports.origins.clevertap import OBJECT_ID
from profiles.models import Identifier, Profile
from profiles.queries.names import find_profiles, is_text
from profiles.queries.profile import values_of
from profiles.schema import Schema, schema_of

from .people import find_by_object_ids, object_id
from .properties import said
from .protocol import answer, bad_request

_KEYS = ("email", "identity", "objectId")


def read_profile(call: Call) -> HttpResponse:
    """One profile by `identity`, `email` or `objectId`; of several with the e-mail, the oldest."""
    asked = call.request.GET
    key = next((key for key in _KEYS if asked.get(key, "").strip()), None)
    if key is None:
        raise bad_request("Give identity, email or objectId.")
    profile = _find(call, key, asked[key])
    if profile is None:
        raise ApiError(Reason.NOT_FOUND, "Profile not found")
    (record,) = records_of(call, [profile])
    return answer(record=record)


def _find(call: Call, key: str, given: str) -> Profile | None:
    """Clients that do not encode a “+” send what is read as a space here."""
    as_meant = given.replace(" ", "+")
    if key == "email":
        return _with_email(call, as_meant.strip("+"))
    names = [given.strip(), as_meant]
    if key == "objectId":
        found = find_by_object_ids(call, names)
    else:
        found = find_profiles(call.workspace, call.environment, names)
    return next((found[name] for name in names if name in found), None)


def _with_email(call: Call, email: str) -> Profile | None:
    """By the index profile_email."""
    if not is_text(email):
        return None
    found = Profile.objects.alias(lower_email=Lower("email")).filter(
        workspace=call.workspace, lower_email=email.lower(), environment=call.environment
    )
    return found.order_by("created_at", "pk").first()


def records_of(call: Call, people: Sequence[Profile]) -> list[dict[str, Any]]:
    """Their records, in order; one query for the identifiers of all."""
    schema = schema_of(call.workspace)
    names: dict[UUID, list[Identifier]] = defaultdict(list)
    for name in Identifier.objects.filter(profile_id__in=[each.pk for each in people]).order_by("created_at"):
        names[name.profile_id].append(name)
    return [_record(each, names[each.pk], schema) for each in people]


def _record(profile: Profile, names: Sequence[Identifier], schema: Schema) -> dict[str, Any]:
    values = values_of(profile)
    others = [name.value for name in names if name.kind != OBJECT_ID]
    identities = (profile.distinct_id, *others, profile.email, profile.phone)
    record = {
        "identity": profile.distinct_id,
        "objectId": object_id(profile),
        "all_identities": [*dict.fromkeys(filter(None, identities))],
        "name": profile.display_name or "",
        "email": profile.email,
        "phone": profile.phone,
        "profileData": said(values, schema),
        "events": {},
        "platformInfo": _devices(profile),
    }
    return {key: value for key, value in record.items() if value != ""}


def _devices(profile: Profile) -> list[dict[str, Any]]:
    """One for each push token; a person without a device has the objectId all the same."""
    tokens = profile.channels.get("push", ())
    mine = {"objectId": object_id(profile)}
    return [{**mine, "push_token": token["token"]} for token in tokens] or [mine]
