"""Profiles: create, get, update, delete."""

from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse

from profiles.api.common import ApiError, Call
from profiles.api.common.routes import takes
from profiles.models import Profile, profile_id
from profiles.operations.erase import erase_profiles
from profiles.operations.renaming import rename_profile
from profiles.operations.write import Outcome, ProfileRow, write_profiles
from profiles.queries.names import LONGEST_NAME, find_profile

from .bodies import all_channels, channels_in, paths_of, texts_in, understood, values_in
from .protocol import answer, done, object_in, wrong
from .reading import profile_read

MOST_DELETED: Final = 1_000
UNKNOWN: Final = "incorrect/non existing distinct_id provided"
_UPDATED: Final = "1 Record(s) updated successfully"
_NOT_THERE: Final = "Unable to update the record since the record does not exist"


@takes()
def create(call: Call) -> HttpResponse:
    body = object_in(call)
    values = values_in(body) | paths_of(channels_in(body)) | {"distinct_id": body.get("distinct_id")}
    with transaction.atomic():
        row = row_of(call, understood(call, values).values)
        if not row.distinct_id:
            raise wrong("distinct_id is required.")
        (outcome,) = write_profiles(call.workspace, [row], mode="create", source=call.door, actor=call.key)
        if outcome.status == "refused":
            raise _not_created(call, row, outcome)
    return done("Profile created successfully", status=201)


@takes("distinct_id")
def read(call: Call, distinct_id: str) -> HttpResponse:
    profile = named(call, at_end(distinct_id))
    if profile is None:
        raise wrong(UNKNOWN)
    return answer(profile_read(profile))


@takes("distinct_id")
def update(call: Call, distinct_id: str) -> HttpResponse:
    """What is given replaces what is stored; `channel` as a whole. Another `distinct_id` renames."""
    body = object_in(call)
    profile = named(call, at_end(distinct_id))
    if profile is None:
        raise wrong(_NOT_THERE)
    values = values_in(body)
    if "channel" in body:
        values |= all_channels(call, channels_in(body))
    if "distinct_id" in body:
        values["distinct_id"] = body["distinct_id"]
    with transaction.atomic():
        row = row_of(call, understood(call, values).values)
        if "distinct_id" in body and row.distinct_id != at_end(distinct_id):
            profile = _renamed(call, profile, row.distinct_id)
        write_to(call, profile, row, missing=_NOT_THERE)
    return done(_UPDATED)


@takes()
def delete(call: Call) -> HttpResponse:
    """By present distinct IDs only: who deletes a profile after merging it must not hit its survivor."""
    ids = texts_in(object_in(call), "distinct_id")
    if len(ids) > MOST_DELETED:
        raise wrong(f"{MOST_DELETED:,} profiles can be deleted at once; {len(ids):,} were given.")
    keys = [
        profile_id(call.workspace, call.environment, each)
        for each in ids
        if "\0" not in each and len(each) <= LONGEST_NAME
    ]
    receipt = erase_profiles(call.workspace, keys, source=call.door, actor=call.key)
    if not receipt.count:
        raise wrong("Cannot delete non existing user")
    return done(f"{receipt.count} User(s) deleted successfully")


def named(call: Call, distinct_id: str) -> Profile | None:
    return find_profile(call.workspace, call.environment, distinct_id)


def at_end(distinct_id: str) -> str:
    """The distinct ID at the end of a path, without the slash with which the path itself may end."""
    return distinct_id.removesuffix("/")


def row_of(call: Call, values: dict[str, Any]) -> ProfileRow:
    """A row of validated values, the distinct ID among them."""
    distinct_id = values.pop("distinct_id", None) or ""
    return ProfileRow(distinct_id=distinct_id, environment=call.environment, values=values)


def write_to(call: Call, profile: Profile, row: ProfileRow, *, missing: str) -> Outcome:
    """Write to a profile that was found a moment ago; `missing` is what is said where it is gone by now.

    Raises ApiError where anything of the row cannot be written.
    """
    row.distinct_id, row.environment = profile.distinct_id, profile.environment
    (outcome,) = write_profiles(call.workspace, [row], mode="update", source=call.door, actor=call.key)
    if outcome.status == "refused":
        is_there = Profile.objects.filter(pk=profile.pk).exists()
        raise wrong(" ".join(outcome.reasons) if is_there else missing)
    if outcome.dropped:
        raise wrong(" ".join(outcome.dropped))
    return outcome


def _renamed(call: Call, profile: Profile, distinct_id: str) -> Profile:
    if not distinct_id:
        raise wrong("distinct_id cannot be empty.")
    holder = named(call, distinct_id)
    if holder and holder.pk != profile.pk:
        raise _taken(call, distinct_id)
    return rename_profile(call.workspace, profile.pk, distinct_id, door=call.door, actor=call.key)


def _taken(call: Call, distinct_id: str) -> ApiError:
    return wrong(
        f"Distinct ID '{distinct_id}' already exists in the '{call.environment}' version of your workspace"
    )


def _not_created(call: Call, row: ProfileRow, outcome: Outcome) -> ApiError:
    if named(call, row.distinct_id):
        return _taken(call, row.distinct_id)
    return wrong(" ".join(outcome.reasons))
