"""What taking a merge back means, and what stands in the way: changed since, or needed elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

from profiles.models import MAX_TAGS, Identifier, Merge, Profile, ProfileChange, identifier_id
from profiles.schema import schema_of, shown

from .joining import SEEN, state_of_profile
from .rows import NewIdentifier
from .rules import label_of
from .state import differs

# What may have changed since a merge: tags and names are taken back one by one, and times of being seen not.
_LOOSE: Final = ("identifiers", "tags", SEEN)


def names_in(merge: Merge) -> list[NewIdentifier]:
    """What the absorbed profile was known by, besides its distinct ID."""
    return [NewIdentifier(*name) for name in merge.snapshot["names"]]


def obstacles(merge: Merge, survivor: Profile) -> list[str]:
    """Why the merge cannot be taken back, a sentence each; `survivor` is `merge.profile` as it is now."""
    if merge.is_rename:
        return ["The profile was renamed, not merged: it can be renamed again."]
    if merge.survivor != merge.profile_id:
        between = Merge.objects.filter(profile=survivor, absorbed=merge.survivor).first()
        name = f"“{between.distinct_id}”, which had taken it in," if between else "The one that took it in"
        return [f"{name} was merged into “{survivor.distinct_id}” since: take that back first."]
    change = ProfileChange.objects.filter(pk=merge.change, profile=survivor).first()
    if change is None:
        return ["It is not on record any more what the merge changed."]
    return [
        *_changed_since(survivor, change),
        *_too_many_tags(survivor, change),
        *_names_lost(merge, survivor),
        *_come_again(merge),
    ]


def changes_back(merge: Merge, survivor: Profile) -> dict[str, tuple[Any, Any]]:
    """What the survivor has now and would have then, by path; names are not among it."""
    change = ProfileChange.objects.filter(pk=merge.change, profile=survivor).first()
    if change is None:
        return {}
    now = state_of_profile(survivor)
    given, taken = tags_back(change)
    gone = {tag.lower() for tag in (*taken, *given)}
    tags = [*(tag for tag in survivor.tags if tag.lower() not in gone), *given]
    then = values_back(change, now) | {"tags": tags or None}
    return {path: (now.get(path), value) for path, value in then.items() if differs(now.get(path), value)}


def values_back(change: ProfileChange, now: Mapping[str, Any]) -> dict[str, Any]:
    """The values of before the merge that made `change`, by path, but those that were changed since."""
    return {
        path: change.old.get(path)
        for path in {**change.old, **change.new}
        if path not in ("identifiers", "tags") and not differs(now.get(path), change.new.get(path))
    }


def tags_back(change: ProfileChange) -> tuple[list[str], list[str]]:
    """The tags that the merge took away, and those that it brought."""
    before = {tag.lower(): tag for tag in change.old.get("tags", ())}
    after = {tag.lower(): tag for tag in change.new.get("tags", ())}
    return (
        [tag for lower, tag in before.items() if lower not in after],
        [tag for lower, tag in after.items() if lower not in before],
    )


def _changed_since(survivor: Profile, change: ProfileChange) -> list[str]:
    schema, now = schema_of(survivor.workspace), state_of_profile(survivor)
    return [
        f"{label_of(path, schema)} was changed since: it is {_said(now.get(path))} now, "
        f"and the merge made it {_said(change.new.get(path))}."
        for path in {**change.old, **change.new}
        if path not in _LOOSE and differs(now.get(path), change.new.get(path))
    ]


def _too_many_tags(survivor: Profile, change: ProfileChange) -> list[str]:
    given, taken = ({tag.lower() for tag in tags} for tags in tags_back(change))
    number = len({tag.lower() for tag in survivor.tags} - taken | given)
    if not given or number <= MAX_TAGS:
        return []
    return [f"With the tags that the merge took away there would be {number}, and {MAX_TAGS} is the most."]


def _said(value: Any) -> str:
    return "not set" if value is None else shown(value)


def _names_lost(merge: Merge, survivor: Profile) -> list[str]:
    names = {
        identifier_id(
            survivor.workspace,
            survivor.environment,
            source=name.source,
            type=name.type,
            kind=name.kind,
            value=name.value,
        ): name
        for name in (NewIdentifier(merge.distinct_id), *names_in(merge))
    }
    kept = set(Identifier.objects.filter(pk__in=names, profile=survivor).values_list("pk", flat=True))
    return [
        f"The {name.kind} “{name.value}” is not the profile’s any more."
        for key, name in names.items()
        if key not in kept
    ]


def _come_again(merge: Merge) -> list[str]:
    if Profile.objects.filter(pk=merge.absorbed).exists():
        return [f"There is a profile with the distinct ID “{merge.distinct_id}” again."]
    return []
