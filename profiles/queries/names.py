"""From names to profiles: a distinct ID, one that a merge absorbed, another identifier, or any of them."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, When
from django.db.models.functions import Lower

from profiles.models import (
    Environment,
    Identifier,
    IdentifierKind,
    Profile,
    Workspace,
    identifier_id,
    profile_id,
)

LONGEST_NAME: Final = 1_024
# By primary key, one by one: for `id = ANY(...)` with thousands of ids PostgreSQL reads all of another index.
_FOUND: Final = """
    SELECT found.* FROM unnest(%s::uuid[]) AS wanted (wanted_id)
    CROSS JOIN LATERAL (SELECT * FROM profiles_profile WHERE id = wanted_id OFFSET 0) AS found
"""


def find_profile(workspace: Workspace, environment: str, distinct_id: str) -> Profile | None:
    """The profile with this distinct ID, or the one that absorbed it. One query, for an absorbed ID two."""
    if not is_possible(distinct_id):
        return None
    key = profile_id(workspace, environment, distinct_id)
    for profile in Profile.objects.filter(pk=key):
        return _known(profile, workspace)
    return find_by_identifier(workspace, environment, kind=IdentifierKind.DISTINCT_ID, value=distinct_id)


def find_profiles(workspace: Workspace, environment: str, distinct_ids: Iterable[str]) -> dict[str, Profile]:
    """The profiles of these distinct IDs, by the ID as it was given; those that nobody has are left out.

    One query, and where some are nobody's own a second one and a third. Absorbed IDs of the same profile
    give the same object.
    """
    ids = {name: profile_id(workspace, environment, name) for name in set(distinct_ids) if is_possible(name)}
    found = _by_key(workspace, ids.values())
    owners = absorbed_ids(workspace, environment, [name for name in ids if ids[name] not in found])
    found |= _by_key(workspace, [key for key in set(owners.values()) if key not in found])
    keys = ids | owners
    return {name: found[key] for name, key in keys.items() if key in found}


def absorbed_ids(workspace: Workspace, environment: str, distinct_ids: Iterable[str]) -> dict[str, UUID]:
    """Whose those distinct IDs are by now that were absorbed: to the profile's id. At most one query."""
    names = {
        identifier_id(workspace, environment, kind=IdentifierKind.DISTINCT_ID, value=name): name
        for name in distinct_ids
    }
    if not names:
        return {}
    found = Identifier.objects.filter(pk__in=names).values_list("pk", "profile_id")
    return {names[key]: owner for key, owner in found}


def find_by_ids(workspace: Workspace, environment: str, ids: Iterable[UUID]) -> dict[UUID, Profile]:
    """Those profiles of the environment that have one of these ids, which may be anybody's. One query."""
    wanted = list(ids)
    if not wanted:
        return {}
    own = f"{_FOUND} WHERE workspace_id = %s AND environment = %s"
    found = Profile.objects.raw(own, [wanted, workspace.pk, environment])
    return {each.pk: _known(each, workspace) for each in found}


def find_by_identifier(
    workspace: Workspace, environment: str, *, kind: str, value: str, source: str = "", type: str = ""
) -> Profile | None:
    """The profile to which this very identifier belongs."""
    if not all(map(is_text, (kind, value, source, type))):
        return None
    key = identifier_id(workspace, environment, source=source, type=type, kind=kind, value=value)
    for profile in Profile.objects.filter(identifiers__pk=key):
        return _known(profile, workspace)
    return None


def find_by_any_name(workspace: Workspace, name: str, environment: str = "") -> Profile | None:
    """The profile with this distinct ID or, failing that, with an identifier of this value.

    An absorbed distinct ID comes before other kinds of identifier, and live before test where no
    `environment` is given.
    """
    if not is_possible(name):
        return None
    environments = [environment] if environment else list(Environment.values)
    ids = [profile_id(workspace, each, name) for each in environments]
    named = _by_key(workspace, ids)
    found = next((named[pk] for pk in ids if pk in named), None)
    return found or _by_value(workspace, name, environments)


def is_possible(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and is_text(name)


def is_text(name: str) -> bool:
    """PostgreSQL stores neither NUL nor half of a character, and no name is derived from them."""
    return "\0" not in name and (name.isascii() or not any("\ud800" <= each <= "\udfff" for each in name))


def _known(profile: Profile, workspace: Workspace) -> Profile:
    """The profile's workspace is not read again."""
    profile.workspace = workspace
    return profile


def _by_key(workspace: Workspace, keys: Iterable[UUID]) -> dict[UUID, Profile]:
    wanted = list(keys)
    if not wanted:
        return {}
    return {each.pk: _known(each, workspace) for each in Profile.objects.raw(_FOUND, [wanted])}


def _by_value(workspace: Workspace, value: str, environments: list[str]) -> Profile | None:
    """The index identifier_search answers equality of the lower-cased value."""
    named = (
        Identifier.objects.alias(lower_value=Lower("value"))
        .filter(lower_value=value.lower(), value=value)
        .filter(profile__workspace=workspace, profile__environment__in=environments)
        .select_related("profile")
        .order_by(
            "profile__environment",
            Case(When(kind=IdentifierKind.DISTINCT_ID, then=0), default=1, output_field=IntegerField()),
            "created_at",
            "pk",
        )
    )
    identifier = named.first()
    return identifier.profile if identifier else None
