"""Whose profile it is: profiles with an equal standard identifier are one person's (contracts 5a and 8.6)."""

from collections.abc import Sequence
from typing import Final

from profiles.errors import Refused
from profiles.models import Workspace
from profiles.queries.faces import Face, Name, persons_named, profiles_of_person

MOST_OF_A_PERSON: Final = 1_000


def find_person(
    workspace: Workspace, environment: str, names: Sequence[Name], wanted: int | None
) -> int | None:
    """The person for a new profile with these names: the `wanted` one, the one who has them, or None.

    Raises Refused where they belong to somebody else, or to several people; where several have the same
    name, as people of a household have a phone, it is the one who has all of them, or the first.
    """
    found = {
        name: holders for name, holders in persons_named(workspace, environment, names).items() if holders
    }
    if wanted is not None:
        _refuse_strangers(found, wanted)
    elif found:
        common = set.intersection(*found.values())
        if not common:
            raise Refused("The identifiers belong to different users.")
        wanted = min(common)
    if wanted is not None and profiles_of_person(workspace, wanted).count() >= MOST_OF_A_PERSON:
        raise Refused(f"A user has at most {MOST_OF_A_PERSON:,} profiles.")
    return wanted


def expect_person(face: Face, names: Sequence[Name], wanted: int | None) -> None:
    """Raise Refused where the face is not the `wanted` person's, or names new to it are somebody else's."""
    profile = face.profile
    if wanted is not None and wanted != profile.person_number:
        raise Refused("The profile belongs to another user.")
    new = [name for name in names if name not in face.names]
    found = persons_named(profile.workspace, profile.environment, new)
    _refuse_strangers(found, profile.person_number)


def _refuse_strangers(found: dict[Name, set[int]], person: int) -> None:
    for name, holders in found.items():
        if holders and person not in holders:
            raise Refused(f"The {name.kind} “{name.value}” belongs to another user.")
