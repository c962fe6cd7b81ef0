"""Profiles written by their faces: several who put the same person at once, with connections of their own."""

from collections import Counter
from collections.abc import Callable

import pytest

from profiles.models import Door, Identifier, Profile, Workspace
from profiles.operations.faces import Content, write_face
from profiles.queries.faces import Face, Name, Pair, face_by_id, find_face

from .conftest import together

pytestmark = pytest.mark.django_db(transaction=True)
RIDER = Pair("coolbikes", "rider")
EMAIL = Name("email", "jdoe@example.com")


def put(workspace: Workspace, content: Content, find: Callable[[], Face | None]) -> tuple[Face, bool]:
    face, is_new = write_face(workspace, "live", find, content, deed="put", source=Door.ZENDESK, actor=None)
    assert face
    return face, is_new


def test_one_creates_and_the_others_replace(acme: Workspace) -> None:
    def work(number: int) -> bool:
        content = Content(RIDER, [EMAIL, Name("sdk", f"{number}")], {"custom.n": number})
        return put(acme, content, lambda: find_face(acme, "live", RIDER, EMAIL))[1]

    assert Counter(together(work, count=16, at_once=4)) == {True: 1, False: 15}
    profile = Profile.objects.get()
    assert set(Identifier.objects.values_list("kind", "value")) == {EMAIL, ("sdk", f"{profile.custom['n']}")}


def test_one_person_of_several_sources_gets_one_number(acme: Workspace) -> None:
    def work(number: int) -> int:
        pair = Pair(f"source{number}", "x")
        face, _ = put(acme, Content(pair, [EMAIL]), lambda: find_face(acme, "live", pair, EMAIL))
        return face.profile.person_number

    assert len(set(together(work, count=16, at_once=4))) == 1
    assert Profile.objects.count() == 16


def test_a_replacement_loses_what_another_one_gave_meanwhile(acme: Workspace) -> None:
    first, _ = put(acme, Content(RIDER, [EMAIL]), lambda: None)

    def work(number: int) -> None:
        content = Content(RIDER, [Name("sdk", f"{number}"), Name("card", f"{number}")])
        put(acme, content, lambda: face_by_id(acme, "live", first.profile.pk, RIDER))

    together(work, count=16, at_once=4)
    (sdk, card) = Identifier.objects.order_by("-kind").values_list("value", flat=True)
    assert sdk == card
