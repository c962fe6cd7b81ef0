"""Who absorbed whom, and who may be the same person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from profiles.models import Identifier, Merge, Profile, Workspace
from profiles.models.profile import ProfileQuerySet, in_search_text

from .columns import columns_of
from .keyset import START, Order
from .listing import listing
from .patience import patience

MOST_LIKELY: Final = 10
PATIENCE: Final = 5.0
# Of a frequent name, or an e-mail of many, so many are looked at.
_MOST_ALIKE: Final = 50


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
    """Somebody who may be the same person, and what the two share: e-mail, phone, name, identifier."""

    profile: Profile
    shared: list[str]


def likely_duplicates(profile: Profile) -> list[Likeness]:
    """Those with the same e-mail, phone or name, or also known by one of these; the most alike first.

    The indexes profile_email, profile_phone, profile_search and identifier_search find them. They are sorted
    here: asked for an order, PostgreSQL would walk all profiles in it.
    """
    others = _others(profile)
    found: dict[UUID, Profile] = {}
    if profile.email:
        same = others.alias(lower_email=Lower("email")).filter(lower_email=profile.email.lower())
        found |= {each.pk: each for each in same[:_MOST_ALIKE]}
    if profile.phone:
        found |= {each.pk: each for each in others.filter(~Q(phone=""), phone=profile.phone)[:_MOST_ALIKE]}
    if len(profile.display_name) > 2:
        namesakes = others.filter(in_search_text(profile.display_name))[:_MOST_ALIKE]
        name = _key(profile.display_name)
        found |= {each.pk: each for each in namesakes if _key(each.display_name) == name}
    known = _known_as(profile)
    found |= {each.pk: each for each in others.filter(pk__in=known)}
    likely = [
        Likeness(each, _shared(profile, each) + ["identifier"] * (each.pk in known))
        for each in found.values()
    ]
    return sorted(likely, key=lambda each: (-len(each.shared), each.profile.pk))[:MOST_LIKELY]


def _known_as(profile: Profile) -> set[UUID]:
    """Who has the profile's e-mail or phone as another name."""
    values = [value.lower() for value in (profile.email, profile.phone) if value]
    if not values:
        return set()
    named = Identifier.objects.alias(lower_value=Lower("value")).filter(lower_value__in=values)
    named = named.filter(profile__workspace=profile.workspace_id)
    return set(named.values_list("profile_id", flat=True)[:_MOST_ALIKE])


def search_others(profile: Profile, sought: str, *, size: int) -> tuple[list[Profile], bool]:
    """The newest of those whom a search finds, and whether there are more. Raises TookTooLong."""
    order = Order(columns_of(profile.workspace)["created_at"], is_descending=True)
    with patience(PATIENCE):
        page = listing(
            _others(profile).matching(sought),
            order=order,
            place=START,
            size=size,
            columns=(),
            is_narrow=True,
        )
    found = Profile.objects.in_bulk([row.id for row in page.rows])
    return [found[row.id] for row in page.rows if row.id in found], page.next is not None


def _others(profile: Profile) -> ProfileQuerySet:
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
