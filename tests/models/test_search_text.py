"""The text that searches look through."""

import pytest
from django.db import connection

from profiles.models import Profile, Workspace
from profiles.models.profile import JOINTS
from tests.conftest import Make


@pytest.fixture
def bert(acme: Workspace, make_profile: Make) -> Profile:
    return make_profile("crm:7/Bert_Ro+x", email="bert.ro@mail.example", first_name="Bert")


@pytest.mark.parametrize("sought", ["bert.ro", "T.RO@M", "ro@mail.", "crm:7/bert_ro", "_ro+"])
def test_joints_are_part_of_what_is_sought(acme: Workspace, bert: Profile, sought: str) -> None:
    assert acme.profiles.matching(sought).exists()


@pytest.mark.parametrize("sought", ["bert-ro", "bertȴro@mail.x", "mailƾ", "bert%ro"])
def test_a_joint_is_found_as_itself_only(acme: Workspace, bert: Profile, sought: str) -> None:
    assert not acme.profiles.matching(sought).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("letter", JOINTS[1])
def test_what_stands_for_a_joint_is_a_letter_to_the_index(letter: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm(%s)", [f"ab{letter}cd"])
        (trigrams,) = cursor.fetchone()
    assert not {"ab ", "  c"} & set(trigrams)
    assert len(JOINTS[0]) == len(set(JOINTS[1]))
