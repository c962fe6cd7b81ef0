"""Who absorbed whom, and who may be the same person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from profiles.models import Merge, Profile, Workspace
from profiles.models.profile import ProfileQuerySet, in_search_text

MOST_LIKELY: Final = 10
# Of a frequent name so many are looked at.
_MOST_NAMESAKES: Final = 50


def heir_of(workspace: Workspace, key: UUID) -> Profile | None:
    """Who has what belonged to the absorbed or renamed profile of this id."""
    merge = Merge.objects.filter(absorbed=key, profile__workspace=workspace).select_related("profile").first()
    return merge.profile if merge else None


def names_of_absorbed(profile: Profile, absorbed: Iterable[UUID]) -> dict[UUID, str]:
    """The distinct IDs that these profiles had before they came to `profile`."""
    merges = Merge.objects.filter(profile=profile, absorbed__in=set(absorbed))
    return dict(merges.values_list("absorbed", "distinct_id"))


def merges_by_change(profile: Profile, changes: Iterable[int]) -> dict[int, Merge]:
    """The merges that can be taken back, by the change in the history that stands for them."""
    merges = Merge.objects.filter(profile=profile, change__in=set(changes))
    return {merge.change: merge for merge in merges.exclude(snapshot={})}


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody who may be the same person, and what the two have in common: e-mail, phone, name."""

    profile: Profile
    shared: list[str]


def likely_duplicates(profile: Profile) -> list[Likeness]:
    """Those with the same e-mail, phone or name, the most alike first.

    The indexes profile_email, profile_phone and profile_search find them.
    """
    others = candidates(profile)
    found: dict[UUID, Profile] = {}
    if profile.email:
        same = others.alias(lower_email=Lower("email")).filter(lower_email=profile.email.lower())
        found |= {each.pk: each for each in same.order_by("-updated_at", "pk")[:MOST_LIKELY]}
    if profile.phone:
        same = others.filter(~Q(phone=""), phone=profile.phone)
        found |= {each.pk: each for each in same.order_by("-updated_at", "pk")[:MOST_LIKELY]}
    if len(profile.display_name) > 2:
        namesakes = others.filter(in_search_text(profile.display_name))[:_MOST_NAMESAKES]
        name = _key(profile.display_name)
        found |= {each.pk: each for each in namesakes if _key(each.display_name) == name}
    likely = [Likeness(each, _shared(profile, each)) for each in found.values()]
    return sorted(likely, key=lambda each: (-len(each.shared), each.profile.pk))[:MOST_LIKELY]


def candidates(profile: Profile) -> ProfileQuerySet:
    """Those with whom `profile` may be merged."""
    found = Profile.objects.filter(workspace_id=profile.workspace_id, environment=profile.environment)
    return found.exclude(pk=profile.pk)


def _shared(profile: Profile, other: Profile) -> list[str]:
    shared = {"e-mail": "email", "phone": "phone", "name": "display_name"}
    return [
        label
        for label, key in shared.items()
        if (value := _key(getattr(profile, key))) and value == _key(getattr(other, key))
    ]


def _key(text: str) -> str:
    return text.casefold().strip()
