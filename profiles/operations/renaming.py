"""A profile gets another distinct ID."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import Actor, Deed, Merge, Profile, Workspace, profile_id
from profiles.schema import schema_of

from .erase import take_in
from .joining import state_of_profile
from .moving import disown_history, move_history, move_merges
from .passages import alone_with, audit, names_of, note, write_one
from .rows import NewIdentifier, Passage, ProfileRow


@transaction.atomic
def rename_profile(
    workspace: Workspace, key: UUID, distinct_id: str, *, door: str, actor: Actor | None
) -> Profile:
    """Give the profile with the id `key` another distinct ID; the old one leads to it. Raises Refused.

    Its id is another one, too. The new distinct ID may be one that the profile had before, or that it took in
    by a merge, which cannot be taken back then.
    """
    wanted = schema_of(workspace).validate({"distinct_id": distinct_id})
    if wanted.errors or not wanted.values.get("distinct_id"):
        raise Refused(" ".join(error.message for error in wanted.errors) or "Give the new distinct ID.")
    profile = alone_with(workspace, key).get(key)
    if profile is None:
        raise Refused("There is no such profile any more.")
    return _rename(workspace, profile, wanted.values["distinct_id"], door, actor)


def _rename(
    workspace: Workspace, profile: Profile, distinct_id: str, door: str, actor: Actor | None
) -> Profile:
    old, new = profile.pk, profile_id(workspace, profile.environment, distinct_id)
    if old == new:
        return profile
    if Profile.objects.filter(pk=new).exists():
        raise Refused(f"A {profile.environment} profile with the distinct ID “{distinct_id}” exists already.")
    names, free = names_of(profile), NewIdentifier(distinct_id)
    take_in(profile)
    row = ProfileRow(
        distinct_id,
        profile.environment,
        state_of_profile(profile),
        identifiers=[NewIdentifier(profile.distinct_id), *(name for name in names if name != free)],
        created_at=profile.created_at,
        person=profile.person_number,
        passage=Passage(Deed.RENAMED.value, profile.sources, was=profile.distinct_id),
    )
    write_one(workspace, row, mode="create", door=door, actor=actor)
    move_history(old, new)
    move_merges(old, new)
    Merge.objects.filter(profile=new, survivor=old).update(survivor=new)
    Merge.objects.filter(profile=new, absorbed=new).delete()
    disown_history(new, old)
    Profile.objects.filter(pk=new).update(updated_at=timezone.now())
    audit(workspace, "rename", actor, survivor=new, absorbed=old)
    note(profile, new, door, actor)
    return Profile.objects.get(pk=new)
