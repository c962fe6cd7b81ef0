"""Two profiles become one, and two again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import Actor, Deed, Merge, Profile, ProfileChange, Workspace
from profiles.schema import schema_of

from .erase import take_in
from .joining import join, state_of_profile
from .moving import absorb_history, move_merges, return_history, return_merges
from .obstacles import changes_back, names_in, obstacles, tags_back, values_back
from .passages import alone_with, audit, names_of, note, write_one
from .rows import NewIdentifier, Passage, ProfileRow

__all__ = ["changes_back", "merge_profiles", "obstacles", "unmerge"]


@transaction.atomic
def merge_profiles(
    workspace: Workspace,
    *,
    absorbed: UUID,
    survivor: UUID,
    door: str,
    actor: Actor | None,
    chosen: Mapping[str, Any] | None = None,
    seen: Mapping[UUID, datetime] | None = None,
) -> Merge:
    """Let the profile `survivor` take in the profile `absorbed`, which is no more then.

    What the survivor has wins, what it lacks it gets, and `chosen` values by path come before both; tags,
    tokens of channels, names and histories are united, and the absorbed distinct ID is one of the names.
    `seen` is when the profiles were last changed, by id, as far as the caller knows. Raises Refused.
    """
    if absorbed == survivor:
        raise Refused("A profile cannot be merged with itself: choose another one.")
    found = alone_with(workspace, absorbed, survivor)
    gone, heir = found.get(absorbed), found.get(survivor)
    if gone is None or heir is None:
        raise Refused("One of the two profiles is there no longer: it was deleted or merged already.")
    _check_pair(gone, heir, seen or {})
    return _merge(workspace, gone, heir, door, actor, chosen or {})


@transaction.atomic
def unmerge(merge: Merge, *, door: str, actor: Actor | None) -> Profile:
    """Take a merge back: the absorbed profile as it was, the survivor without what it got. Raises Refused."""
    survivor = Profile.objects.select_related("workspace").filter(pk=merge.profile_id).first()
    if survivor is None:
        raise Refused("The profile was deleted, and with it everything that it had taken in.")
    workspace = survivor.workspace
    alone_with(workspace, survivor.pk)
    if not Merge.objects.filter(pk=merge.pk, profile_id=merge.profile_id).exists():
        raise Refused("This merge was taken back already.")
    survivor.refresh_from_db()
    if reasons := obstacles(merge, survivor):
        raise Refused(" ".join(reasons))
    change = ProfileChange.objects.get(pk=merge.change, profile=survivor)
    others = _came_with(merge)
    write_one(workspace, _taking_back(merge, survivor, change), mode="update", door=door, actor=actor)
    write_one(workspace, _bringing_back(merge, survivor.environment), mode="create", door=door, actor=actor)
    return_history(survivor.pk, merge.absorbed, others)
    return_merges(survivor.pk, merge.absorbed, others)
    merge.delete()
    Profile.objects.filter(pk=merge.absorbed).update(updated_at=timezone.now())
    audit(workspace, "unmerge", actor, survivor=survivor.pk, absorbed=merge.absorbed)
    return Profile.objects.get(pk=merge.absorbed)


def _check_pair(absorbed: Profile, survivor: Profile, seen: Mapping[UUID, datetime]) -> None:
    if absorbed.environment != survivor.environment:
        raise Refused("A live profile cannot be merged with a test profile.")
    for profile in (absorbed, survivor):
        if profile.updated_at != seen.get(profile.pk, profile.updated_at):
            raise Refused(f"“{profile.distinct_id}” was changed meanwhile: look at the values again.")


def _merge(
    workspace: Workspace,
    absorbed: Profile,
    survivor: Profile,
    door: str,
    actor: Actor | None,
    chosen: Mapping[str, Any],
) -> Merge:
    joined = join(schema_of(workspace), survivor, absorbed, chosen)
    names = names_of(absorbed)
    take_in(absorbed)
    row = ProfileRow(
        survivor.distinct_id,
        survivor.environment,
        joined.values,
        add_tags=joined.tags,
        identifiers=[NewIdentifier(absorbed.distinct_id), *names],
        passage=Passage(Deed.MERGED.value, absorbed.sources),
    )
    write_one(workspace, row, mode="update", door=door, actor=actor)
    absorb_history(absorbed.pk, survivor.pk)
    move_merges(absorbed.pk, survivor.pk)
    audit(workspace, "merge", actor, survivor=survivor.pk, absorbed=absorbed.pk)
    return note(absorbed, survivor.pk, door, actor, snapshot=_snapshot(absorbed, names))


def _snapshot(profile: Profile, names: Iterable[NewIdentifier]) -> dict[str, Any]:
    return {
        "values": state_of_profile(profile),
        "names": [[name.value, name.kind, name.source, name.type] for name in names],
        "sources": profile.sources,
        "person": profile.person,
        "created_at": profile.created_at.isoformat(),
    }


def _taking_back(merge: Merge, survivor: Profile, change: ProfileChange) -> ProfileRow:
    """The survivor without what the merge changed, but for what was changed since and may be."""
    given, taken = tags_back(change)
    return ProfileRow(
        survivor.distinct_id,
        survivor.environment,
        values_back(change, state_of_profile(survivor)),
        add_tags=given,
        remove_tags=taken,
        remove_identifiers=[NewIdentifier(merge.distinct_id), *names_in(merge)],
        passage=Passage(Deed.UNMERGED.value),
    )


def _bringing_back(merge: Merge, environment: str) -> ProfileRow:
    snapshot = merge.snapshot
    return ProfileRow(
        merge.distinct_id,
        environment,
        snapshot["values"],
        identifiers=names_in(merge),
        created_at=datetime.fromisoformat(snapshot["created_at"]),
        person=snapshot["person"],
        passage=Passage(Deed.UNMERGED.value, snapshot["sources"]),
    )


def _came_with(merge: Merge) -> list[UUID]:
    """The ids that the absorbed profile had absorbed before it was itself, one by way of another."""
    into: dict[UUID, list[UUID]] = {}
    merges = Merge.objects.filter(profile=merge.profile_id)
    for survivor, absorbed in merges.values_list("survivor", "absorbed"):
        into.setdefault(survivor, []).append(absorbed)
    found: list[UUID] = []
    due = [merge.absorbed]
    while due:
        new = into.get(due.pop(), [])
        found += new
        due += new
    return found
