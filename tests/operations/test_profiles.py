"""The verbs for one profile."""

import pytest

from profiles.errors import Refused
from profiles.models import AuditEntry, Operator, Profile, PropertyDefinition, PropertyType, Workspace
from profiles.operations.profiles import (
    activate,
    add_property,
    change_tags,
    create_profile,
    disable,
    update_profile,
)

pytestmark = pytest.mark.django_db


def test_create_refuses_a_distinct_id_that_is_taken(
    acme: Workspace, editor: Operator, alice: Profile
) -> None:
    outcome = create_profile(
        acme, distinct_id="alice", environment="live", values={"city": "x"}, actor=editor
    )
    assert outcome.status == "refused"
    assert alice.changes.count() == 1


def test_update_writes_only_over_what_was_seen(editor: Operator, alice: Profile) -> None:
    outcome = update_profile(alice, values={"country": "DE"}, seen={"country": "FR"}, actor=editor)
    assert (outcome.status, outcome.conflicts) == ("refused", {"country": "GB"})
    outcome = update_profile(alice, values={"country": "DE"}, seen={"country": "GB"}, actor=editor)
    assert outcome.status == "updated"


def test_wanting_what_is_there_already_is_no_conflict(editor: Operator, alice: Profile) -> None:
    outcome = update_profile(
        alice, values={"country": "GB", "city": "x"}, seen={"country": None, "city": None}, actor=editor
    )
    assert (outcome.status, outcome.changed) == ("updated", ("city",))
    outcome = update_profile(
        alice, values={"country": "GB", "city": "y"}, seen={"country": None, "city": "z"}, actor=editor
    )
    assert outcome.conflicts == {"city": "x"}


def test_disable_and_activate_twice_change_nothing_more(editor: Operator, alice: Profile) -> None:
    assert [disable(alice, actor=editor).status for _ in "12"] == ["updated", "unchanged"]
    assert [activate(alice, actor=editor).status for _ in "12"] == ["updated", "unchanged"]


def test_tags_ignore_case_and_keep_the_registered_spelling(editor: Operator, alice: Profile) -> None:
    assert change_tags(alice, add=["VIP"], actor=editor).status == "unchanged"
    change_tags(alice, add=["Beta"], remove=["Vip"], actor=editor)
    alice.refresh_from_db()
    assert alice.tags == ["Beta"]


def test_the_history_is_the_record_of_small_changes(editor: Operator, alice: Profile) -> None:
    disable(alice, actor=editor)
    change_tags(alice, add=["beta"], actor=editor)
    assert [change.actor for change in alice.changes.all()] == ["editor", "editor", ""]
    assert not AuditEntry.objects.exists()


def test_a_property_is_not_added_where_its_value_is_refused(editor: Operator, alice: Profile) -> None:
    Profile.objects.filter(pk=alice.pk).delete()
    with pytest.raises(Refused):
        add_property(alice, key="seats", label="", type=PropertyType.INTEGER, value=5, actor=editor)
    assert not PropertyDefinition.objects.filter(key="seats").exists()
