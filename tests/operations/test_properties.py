"""Definitions: create, edit, archive, order, register; refused with sentences, audited, one version each."""

from typing import Any

import pytest

from profiles.errors import Refused
from profiles.models import (
    AuditEntry,
    IndexState,
    Operator,
    Profile,
    PropertyDefinition,
    Workspace,
)
from profiles.operations.properties import (
    archive_property,
    create_property,
    edit_property,
    move_property,
    register_properties,
    unarchive_property,
)
from profiles.schema import schema_of


@pytest.fixture
def plan(acme: Workspace, admin: Operator) -> PropertyDefinition:
    return create_property(acme, actor=admin, key="plan", label="Plan", type="text")


def audited(workspace: Workspace) -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(workspace=workspace).order_by("id")
    return list(entries.values_list("verb", "subject", "actor"))


def test_a_workspace_starts_with_the_default_properties_and_channels(acme: Workspace) -> None:
    schema = schema_of(acme)
    assert list(schema.fields)[:6] == ["first_name", "last_name", "name", "email", "phone", "gender"]
    assert "channel.webpush" in schema.fields
    assert schema.starred == {"distinct_id", "email", "phone"}
    assert not schema.required
    assert (
        schema.validate({"name": "ab"}).errors[0].message
        == "Name must have at least 3 characters; “ab” has 2."
    )


def test_every_default_property_is_a_column(acme: Workspace) -> None:
    for definition in acme.property_definitions.filter(kind="default"):
        assert Profile._meta.get_field(definition.key)


def test_a_new_property_validates_at_once_and_is_audited(
    acme: Workspace, admin: Operator, plan: PropertyDefinition
) -> None:
    assert schema_of(acme).validate({"custom.plan": "pro"}).values == {"custom.plan": "pro"}
    assert audited(acme) == [("create_property", "custom.plan", "admin")]
    assert plan.position == 0
    assert create_property(acme, actor=admin, key="seats", type="integer").position == 1


def test_the_key_is_trimmed_and_names_the_property_where_no_label_is_given(acme: Workspace) -> None:
    made = create_property(acme, actor=None, key="  favourite colour ", type="text")
    assert (made.key, made.label) == ("favourite colour", "favourite colour")


def test_rules_that_the_type_has_not_are_left_out(acme: Workspace) -> None:
    made = create_property(acme, actor=None, key="n", type="number", max_length=3, pattern="x", choices=["a"])
    assert (made.max_length, made.pattern, made.choices) == (None, "", [])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"key": " "}, "A property needs a key."),
        ({"key": "x" * 121}, "A key has at most 120 characters; this one has 121."),
        ({"key": "a\0b"}, "A key may not contain control characters."),
        ({"key": "a\ud800"}, "A key may not contain control characters."),
        ({"key": "plan"}, "There is a property with the key “plan” already."),
        ({"label": "x" * 121}, "This may have at most 120 characters; it has 121."),
        ({"min_length": 5, "max_length": 3}, "The shortest text may not be longer than the longest."),
        ({"max_length": 10_001}, "This must be from 1 to 10,000 characters."),
        ({"pattern": "(a"}, "This pattern cannot be used: unclosed group."),
        ({"type": "number", "minimum": 5, "maximum": 3}, "The smallest value may not be above the largest."),
        ({"type": "number", "minimum": float("nan")}, "This must be a number of at most 15 digits."),
        ({"type": "choice"}, "Give at least one choice."),
        ({"type": "choice", "choices": ["x" * 256]}, "A choice has at most 255 characters."),
        ({"type": "text_list", "max_elements": 0}, "Most elements must be from 1 to 1,000."),
        ({"type": "geo", "indexed": True}, "A place on the map has no order, or is too long, for an index."),
        ({"indexed": True}, "For an index, the longest text must be 500 characters or fewer."),
        ({"type": "colour"}, "This type of property does not exist."),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    acme: Workspace, plan: PropertyDefinition, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_property(acme, actor=None, **({"key": "new", "type": "text"} | given))
    assert sentence in str(refused.value)


def test_an_edit_changes_what_it_names_and_nothing_else(
    acme: Workspace, admin: Operator, plan: PropertyDefinition
) -> None:
    before = acme.schema_version
    edit_property(plan, actor=admin, label="The plan", max_length=20)
    plan.refresh_from_db()
    assert (plan.label, plan.max_length, plan.type) == ("The plan", 20, "text")
    acme.refresh_from_db()
    assert acme.schema_version > before
    entry = AuditEntry.objects.get(verb="edit_property")
    assert entry.details == {
        "old": {"label": "Plan", "max_length": None},
        "new": {"label": "The plan", "max_length": 20},
    }


def test_an_edit_that_changes_nothing_is_no_deed(acme: Workspace, plan: PropertyDefinition) -> None:
    before = AuditEntry.objects.count()
    edit_property(plan, actor=None, label="Plan")
    assert AuditEntry.objects.count() == before


def test_the_type_is_fixed_once_there_are_values(
    acme: Workspace, plan: PropertyDefinition, make_profile: Any
) -> None:
    edit_property(plan, actor=None, type="choice", choices=["pro"])
    make_profile("bob", custom__plan="pro")
    with pytest.raises(Refused, match="The type of Plan is fixed: profiles have values of it"):
        edit_property(plan, actor=None, type="text")


def test_default_properties_keep_type_but_take_label_star_and_rules(acme: Workspace) -> None:
    email = acme.property_definitions.get(key="email", kind="default")
    with pytest.raises(Refused, match="The type of E-mail is fixed"):
        edit_property(email, actor=None, type="text")
    edit_property(email, actor=None, label="Mail", starred=False, required=True, pattern=".*@corp[.]example")
    assert schema_of(acme).required == {"email"}
    assert schema_of(acme).starred == {"distinct_id", "phone"}
    assert schema_of(acme).validate({"email": "a@b.example"}).errors[0].rule == "pattern"


def test_a_distinct_id_cannot_be_required_or_archived(acme: Workspace) -> None:
    distinct_id = acme.property_definitions.get(key="distinct_id")
    with pytest.raises(Refused, match="cannot be required"):
        edit_property(distinct_id, actor=None, required=True)
    with pytest.raises(Refused, match="cannot be archived"):
        archive_property(distinct_id, actor=None)


def test_a_default_text_is_not_longer_than_its_column(acme: Workspace) -> None:
    gender = acme.property_definitions.get(key="gender")
    with pytest.raises(Refused, match="from 1 to 64 characters"):
        edit_property(gender, actor=None, max_length=65)


def test_archived_properties_take_no_values_and_keep_the_ones_they_have(
    acme: Workspace, plan: PropertyDefinition, make_profile: Any
) -> None:
    bob = make_profile("bob", custom__plan="pro")
    archive_property(plan, actor=None)
    archive_property(plan, actor=None)
    acme.refresh_from_db()
    assert schema_of(acme).validate({"custom.plan": "free"}).errors[0].rule == "archived"
    bob.refresh_from_db()
    assert bob.custom == {"plan": "pro"}
    unarchive_property(plan, actor=None)
    acme.refresh_from_db()
    assert schema_of(acme).validate({"custom.plan": "free"}).is_valid
    assert [verb for verb, _, _ in audited(acme)] == [
        "create_property",
        "archive_property",
        "unarchive_property",
    ]


def test_properties_change_places_within_their_kind(acme: Workspace, plan: PropertyDefinition) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer")
    move_property(seats, actor=None, down=False)
    move_property(seats, actor=None, down=False)
    assert [path for path in schema_of(acme).fields if path.startswith("custom")] == [
        "custom.seats",
        "custom.plan",
    ]
    move_property(seats, actor=None, down=True)
    assert [path for path in schema_of(acme).fields if path.startswith("custom")] == [
        "custom.plan",
        "custom.seats",
    ]


def test_there_are_at_most_256_custom_properties(acme: Workspace, plan: PropertyDefinition) -> None:
    more = [PropertyDefinition(workspace=acme, key=f"k{n}", label="K") for n in range(255)]
    PropertyDefinition.objects.bulk_create(more)
    with pytest.raises(Refused, match="at most 256"):
        create_property(acme, actor=None, key="one_more", type="text")
    archive_property(plan, actor=None)
    create_property(acme, actor=None, key="one_more", type="text")
    with pytest.raises(Refused, match="at most 256"):
        unarchive_property(plan, actor=None)


def test_wanting_an_index_queues_it(acme: Workspace) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer", indexed=True)
    seats.refresh_from_db()
    assert seats.index_state == IndexState.QUEUED
    edit_property(seats, actor=None, indexed=False)
    seats.refresh_from_db()
    assert seats.index_state == IndexState.NONE


def test_registering_several_is_one_deed_and_leaves_what_is_there(
    acme: Workspace, plan: PropertyDefinition
) -> None:
    new = [
        PropertyDefinition(workspace=acme, key=key, label=key, type="number") for key in ("plan", "a", "b")
    ]
    register_properties(acme, new)
    plan.refresh_from_db()
    assert plan.type == "text"
    positions = (
        acme.property_definitions.filter(kind="custom").order_by("position").values_list("key", flat=True)
    )
    assert list(positions) == ["plan", "a", "b"]
    assert audited(acme)[-1] == ("register_properties", "a, b", "")


def test_keys_that_differ_by_blanks_around_them_are_registered_once(
    acme: Workspace, plan: PropertyDefinition
) -> None:
    keys = ("zz", " zz", " plan ", "zz\u00a0")
    register_properties(
        acme, [PropertyDefinition(workspace=acme, key=key, label=key, type="number") for key in keys]
    )
    registered = acme.property_definitions.filter(kind="custom").values_list("key", "label", "type")
    assert set(registered) == {("plan", plan.label, "text"), ("zz", "zz", "number")}
