"""What the confirmation of a bulk action shows before it happens. It always loads: nothing waits for long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import F, Func, QuerySet, TextField

from profiles.models import Identifier, Profile, ProfileChange
from profiles.models.profile import ProfileQuerySet
from profiles.schema import Field

from .columns import JsonText
from .counts import Total, capped_count, total_above_cap
from .patience import TookTooLong, patience

NAMED: Final = 10
# Seconds: for the number that the operator agrees to, and for what only helps to decide.
PATIENCE: Final = 6.0
IMPATIENCE: Final = 1.5
# Among so many are those looked for that are named.
_AMONG: Final = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Impact:
    """What an action would touch; `named` are a few. None: counting them took too long.

    `identifiers` and `changes` are capped (see counts.py).
    """

    total: Total
    named: Sequence[Profile]
    identifiers: int | None = 0
    changes: int | None = 0

    @property
    def number(self) -> int | None:
        """How many exactly, if that is known: what can be agreed to."""
        return None if self.total.is_about else self.total.number


def impact_of(people: ProfileQuerySet, *, with_belongings: bool) -> Impact:
    number = in_time(PATIENCE, lambda: people.order_by().count())
    total = total_above_cap(people) if number is None else Total(number)
    ids = in_time(PATIENCE, lambda: list(people.order_by().values_list("pk", flat=True)[:_AMONG])) or []
    named = list(Profile.objects.filter(pk__in=ids).order_by("-created_at", "-pk")[:NAMED])
    if not with_belongings:
        return Impact(total, named)
    owners = ids if number == len(ids) else people.order_by().values("pk")
    return Impact(total, named, _owned(Identifier.objects, owners), _owned(ProfileChange.objects, owners))


def holding(
    people: ProfileQuerySet, property: Field, text: str, *, is_case_sensitive: bool
) -> ProfileQuerySet:
    """Those with `text` somewhere in the value of a property, and maybe a few more."""
    value: Any = F(property.key)
    if not property.is_column:
        value = JsonText("channels" if property.kind == "channel" else "custom", property.key)
    lookup = "contains" if is_case_sensitive else "icontains"
    return people.alias(held=value).filter(**{f"held__{lookup}": text})


def some_of(people: ProfileQuerySet, most: int) -> list[Profile]:
    """So many of them, if they are found soon."""
    return in_time(IMPATIENCE, lambda: list(people.order_by()[:most])) or []


def tags_of(people: ProfileQuerySet, *, most: int) -> list[str]:
    """Tags, `most` of them, that some of the first people carry."""
    some = Profile.objects.filter(pk__in=people.order_by().values("pk")[:_AMONG])
    tag = Func(F("tags"), function="unnest", output_field=TextField())
    names = some.annotate(tag=tag).order_by("tag").values_list("tag", flat=True).distinct()
    return in_time(IMPATIENCE, lambda: list(names[:most])) or []


def in_time(seconds: float, ask: Callable[[], T]) -> T | None:
    """The answer, or None where it takes longer."""
    try:
        with patience(seconds):
            return ask()
    except TookTooLong:
        return None


def _owned(things: Any, owners: list[UUID] | QuerySet[Any, Any]) -> int | None:
    return in_time(IMPATIENCE, lambda: capped_count(things.filter(profile_id__in=owners)))
