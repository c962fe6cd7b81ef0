"""Faces: profiles as other products name them, by source, type and identifiers (contracts 5 and 8.6).

A profile has one face for each (source, type) of its identifiers. One without any has the native face: the
workspace's slug, `user`, and its distinct ID, e-mail and phone as identifiers. By these, every profile is
found; but one that an application made under another pair is found natively by its distinct ID alone,
because the same person's native profile would be another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from pydantic_core import PydanticCustomError

from profiles.errors import Refused
from profiles.models import (
    Door,
    Identifier,
    Profile,
    Workspace,
    ids_of_person,
    person_of,
    profile_id,
)
from profiles.schema.texts import read_phone

from .merges import heir_of
from .names import absorbed_ids, find_by_identifier, find_profile

NATIVE_TYPE: Final = "user"
EXTERNAL_ID: Final = "external_id"
EMAIL: Final = "email"
PHONE: Final = "phone_number"
STANDARD: Final = (EMAIL, EXTERNAL_ID, PHONE, "twitter", "facebook", "sdk")
"""The kinds by which persons are told apart."""


class Pair(NamedTuple):
    source: str
    type: str


class Name(NamedTuple):
    """An identifier of a face."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Face:
    """`stored` are the names that have a row, in their order; the others are made of the profile's values."""

    profile: Profile
    pair: Pair
    stored: tuple[Name, ...] = ()

    @property
    def names(self) -> tuple[Name, ...]:
        if self.pair != native_pair(self.profile.workspace):
            return self.stored
        return tuple(dict.fromkeys((*native_names(self.profile), *self.stored)))


def native_pair(workspace: Workspace) -> Pair:
    return Pair(workspace.slug, NATIVE_TYPE)


def native_names(profile: Profile) -> list[Name]:
    named = ((EXTERNAL_ID, profile.distinct_id), (EMAIL, profile.email.lower()), (PHONE, profile.phone))
    return [Name(kind, value) for kind, value in named if value]


def column_value(name: Name) -> str:
    """An e-mail or phone as the profile's own is compared: in lower case, or without punctuation."""
    if name.kind != PHONE:
        return name.value.lower()
    try:
        return read_phone(name.value)
    except PydanticCustomError:
        return name.value


def find_face(workspace: Workspace, environment: str, pair: Pair, name: Name) -> Face | None:
    """Two queries, for the native pair up to three.

    Raises Refused where several profiles have the e-mail or phone by which the native one is sought.
    """
    profile = None
    if pair == native_pair(workspace):
        profile = _find_natively(workspace, environment, name)
    profile = profile or find_by_identifier(
        workspace, environment, source=pair.source, type=pair.type, kind=name.kind, value=name.value
    )
    return face_of(profile, pair) if profile else None


def face_by_id(workspace: Workspace, environment: str, key: UUID, pair: Pair | None = None) -> Face | None:
    """The face of the profile with this id, or of the one that absorbed it. Two queries, then three."""
    found = Profile.objects.filter(pk=key, workspace=workspace).first() or heir_of(workspace, key)
    if found is None or found.environment != environment:
        return None
    found.workspace = workspace
    return face_of(found, pair)


def face_of(profile: Profile, pair: Pair | None = None) -> Face:
    """The profile's face of this pair; without one, that of its oldest identifier, else the native one."""
    return _face(profile, list(_names_of([profile])), pair)


def faces_of_person(workspace: Workspace, environment: str, person: int) -> list[Face]:
    """One face for each profile of the person, the oldest profile first. Two queries."""
    profiles = list(profiles_of_person(workspace, person).filter(environment=environment))
    names: dict[UUID, list[Identifier]] = {profile.pk: [] for profile in profiles}
    for identifier in _names_of(profiles) if profiles else ():
        names[identifier.profile_id].append(identifier)
    for profile in profiles:
        profile.workspace = workspace
    return [_face(profile, names[profile.pk]) for profile in profiles]


def profiles_of_person(workspace: Workspace, person: int) -> QuerySet[Profile]:
    """Raises ValueError where no person can have this number. By the primary key and profile_person."""
    first, last = ids_of_person(person)
    theirs = Q(person=None, pk__gte=first, pk__lte=last) | Q(person=person)
    return Profile.objects.filter(theirs, workspace=workspace).order_by("created_at", "pk")


def persons_named(workspace: Workspace, environment: str, names: Sequence[Name]) -> dict[Name, set[int]]:
    """Who has which of these standard names, in whatever profile and under whatever source and type."""
    found: dict[Name, set[int]] = {name: set() for name in names if name.kind in STANDARD}
    if found:
        holders = chain(
            _holders_by_identifier(workspace, environment, found),
            _holders_by_column(workspace, environment, found),
        )
        for name, key, person in holders:
            if name in found:
                found[name].add(person_of(key) if person is None else person)
    return found


def _find_natively(workspace: Workspace, environment: str, name: Name) -> Profile | None:
    if name.kind == EXTERNAL_ID:
        return find_profile(workspace, environment, name.value)
    if name.kind not in (EMAIL, PHONE):
        return None
    value = column_value(name)
    wanted = Q(lower_email=value) if name.kind == EMAIL else Q(phone=value) & ~Q(phone="")
    others = Identifier.objects.filter(profile_id=OuterRef("pk")).exclude(Q(source="") | Q(type=""))
    others = others.exclude(source=workspace.slug, type=NATIVE_TYPE)
    profiles = (
        Profile.objects.alias(lower_email=Lower("email"))
        .filter(wanted, workspace=workspace, environment=environment)
        .exclude(Q(sources__0=Door.ZENDESK) & Exists(others))
        .order_by("created_at", "pk")
    )
    found = list(profiles[:2])
    if len(found) > 1:
        raise Refused(f"Several profiles have the {name.kind} “{name.value}”; ask by external_id.")
    for profile in found:
        profile.workspace = workspace
        return profile
    return None


def _names_of(profiles: Sequence[Profile]) -> QuerySet[Identifier]:
    """Those with a source and a type, in the order in which they were given."""
    named = Identifier.objects.filter(profile_id__in=[profile.pk for profile in profiles])
    return named.exclude(Q(source="") | Q(type="")).order_by("created_at", "pk")


def _face(profile: Profile, named: Sequence[Identifier], pair: Pair | None = None) -> Face:
    if pair is None:
        pair = Pair(named[0].source, named[0].type) if named else native_pair(profile.workspace)
    stored = [Name(each.kind, each.value) for each in named if (each.source, each.type) == pair]
    return Face(profile, pair, tuple(stored))


def _holders_by_identifier(
    workspace: Workspace, environment: str, names: Iterable[Name]
) -> list[tuple[Name, UUID, int | None]]:
    """The index identifier_search answers equality of the lower-cased value."""
    rows = (
        Identifier.objects.alias(lower_value=Lower("value"))
        .filter(lower_value__in={name.value.lower() for name in names}, kind__in={n.kind for n in names})
        .filter(profile__workspace=workspace, profile__environment=environment)
        .values_list("kind", "value", "profile_id", "profile__person")
    )
    return [(Name(kind, value), key, person) for kind, value, key, person in rows]


def _holders_by_column(
    workspace: Workspace, environment: str, names: Iterable[Name]
) -> list[tuple[Name, UUID, int | None]]:
    """By the primary key and the indexes profile_email and profile_phone, one after the other."""
    values = {
        kind: {column_value(name): name for name in names if name.kind == kind} for kind in (EMAIL, PHONE)
    }
    ids = {profile_id(workspace, environment, name.value): name for name in names if name.kind == EXTERNAL_ID}
    if ids and workspace.has_absorbed:
        by_value = {name.value: name for name in ids.values()}
        ids |= {key: by_value[value] for value, key in absorbed_ids(workspace, environment, by_value).items()}
    theirs = Profile.objects.filter(workspace=workspace, environment=environment)
    parts = []
    if ids:
        parts.append(theirs.filter(pk__in=ids))
    if values[EMAIL]:
        parts.append(theirs.alias(lower_email=Lower("email")).filter(lower_email__in=values[EMAIL]))
    if values[PHONE]:
        parts.append(theirs.filter(phone__in=values[PHONE]).exclude(phone=""))
    found = []
    for part in parts:
        for key, person, email, phone in part.values_list("pk", "person", "email", "phone"):
            held = (ids.get(key), values[EMAIL].get(email.lower()), values[PHONE].get(phone))
            found += [(name, key, person) for name in held if name]
    return found
