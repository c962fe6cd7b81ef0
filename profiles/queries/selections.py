"""What the confirmation of a bulk action shows before it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Func, TextField

from profiles.models import Identifier, Profile, ProfileChange
from profiles.models.profile import ProfileQuerySet

from .counts import capped_count

NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """`number` is capped (counts.py), like the counts of what goes along; `named` are a few."""

    number: int
    named: Sequence[Profile]
    identifiers: int
    changes: int


def tags_of(people: ProfileQuerySet, *, most: int, among: int) -> list[str]:
    """Tags, `most` of them, that some of the first `among` people carry."""
    some = Profile.objects.filter(pk__in=people.order_by().values("pk")[:among])
    tag = Func(F("tags"), function="unnest", output_field=TextField())
    return list(some.annotate(tag=tag).order_by("tag").values_list("tag", flat=True).distinct()[:most])


def preview_of(people: ProfileQuerySet, *, most: int) -> Preview:
    """What an action on `people` would touch. What goes along is counted for up to `most` of them."""
    number = capped_count(people)
    ids: list[UUID] = list(people.order_by().values_list("pk", flat=True)[:most])
    named = Profile.objects.filter(pk__in=ids).order_by("-created_at", "-pk")
    return Preview(
        number,
        list(named.only("distinct_id", "display_name", "email", "environment")[:NAMED]),
        capped_count(Identifier.objects.filter(profile_id__in=ids)),
        capped_count(ProfileChange.objects.filter(profile_id__in=ids)),
    )
