"""What applications send, made fit to be written."""

import pytest
from pytest_django import DjangoAssertNumQueries

from profiles.models import PropertyDefinition, PropertyKind, UnknownKeys, Workspace
from profiles.operations.incoming import Incoming, type_of, understand
from profiles.operations.properties import MOST_CUSTOM, archive_property, create_property
from profiles.operations.rows import Step

pytestmark = pytest.mark.django_db


def types(workspace: Workspace) -> dict[str, str]:
    return dict(workspace.property_definitions.filter(kind="custom").values_list("key", "type"))


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ("12", "text"),
        ("yes", "text"),
        ("a@example.com", "text"),
        ("2024-02-29", "date"),
        ("2024-02-29T12:00:00Z", "datetime"),
        (12, "number"),
        (1.5, "number"),
        (True, "boolean"),
        ([1, 2.5], "number_list"),
        (["a", 1], "text_list"),
        ([], "text_list"),
        ({"lat": 1, "lon": 2}, "geo"),
        ({"a": 1}, "text"),
    ],
)
def test_the_json_type_of_the_first_value_fixes_the_property(value: object, type: str) -> None:
    assert type_of(value) == type


def test_unknown_keys_are_registered_and_values_kept(acme: Workspace) -> None:
    records = [Incoming({"email": "A@example.com", "custom.plan": "pro"}), Incoming({"custom.seats": 3})]
    first, second = understand(acme, records, actor=None)
    assert types(acme) == {"plan": "text", "seats": "number"}
    assert first.values["custom.plan"] == "pro"
    assert second.values == {"custom.seats": 3}
    assert not first.problems | second.problems


def test_a_workspace_may_refuse_them(acme: Workspace) -> None:
    acme.unknown_keys = UnknownKeys.REFUSE
    acme.save()
    (found,) = understand(acme, [Incoming({"custom.plan": "pro", "email": "a@example.com"})], actor=None)
    assert types(acme) == {}
    assert found.values == {"email": "a@example.com"}
    assert "plan" in found.problems["custom.plan"]


def test_what_does_not_fit_is_named_and_the_rest_kept(acme: Workspace) -> None:
    (found,) = understand(acme, [Incoming({"email": "no", "country": "DE", "nonsense": 1})], actor=None)
    assert found.values == {"country": "DE"}
    assert set(found.problems) == {"email", "nonsense"}


def test_one_key_that_cannot_be_does_not_keep_the_others_away(acme: Workspace) -> None:
    bad = "custom." + "x" * 200
    (found,) = understand(acme, [Incoming({bad: 1, "custom.plan": "pro"})], actor=None)
    assert types(acme) == {"plan": "text"}
    assert set(found.problems) == {bad}


def test_steps_register_too_and_are_judged(acme: Workspace) -> None:
    steps = [
        Step("custom.visits", "add", 1),
        Step("custom.colours", "append", "red"),
        Step("custom.plan", "once", "pro"),
        Step("custom.unheard", "remove", "x"),
        Step("email", "once", "no"),
    ]
    (found,) = understand(acme, [Incoming(steps=steps)], actor=None)
    assert types(acme) == {"visits": "number", "colours": "text_list", "plan": "text"}
    assert [step.path for step in found.steps] == ["custom.visits", "custom.colours", "custom.plan"]
    assert set(found.problems) == {"custom.unheard", "email"}


def test_a_dry_run_registers_nothing(acme: Workspace) -> None:
    (found,) = understand(acme, [Incoming({"custom.plan": "pro"})], actor=None, dry=True)
    assert found.values == {"custom.plan": "pro"}
    assert not PropertyDefinition.objects.filter(kind="custom").exists()


def test_an_archived_property_takes_nothing(acme: Workspace) -> None:
    archive_property(create_property(acme, actor=None, key="plan", label="Plan", type="text"), actor=None)
    record = Incoming({"custom.plan": "x"}, [Step("custom.plan", "once", "y")])
    (found,) = understand(acme, [record], actor=None)
    assert not found.values
    assert not found.steps
    assert "archived" in found.problems["custom.plan"]


@pytest.mark.parametrize("dry", [False, True])
def test_keys_beyond_the_limit_are_told_without_a_look_at_each(
    acme: Workspace, django_assert_max_num_queries: DjangoAssertNumQueries, dry: bool
) -> None:
    make_properties(acme, MOST_CUSTOM - 2)
    sent = Incoming({"custom.a\nb": 1} | {f"custom.new{number}": 1 for number in range(5_000)})
    with django_assert_max_num_queries(60):
        (found,) = understand(acme, [sent], actor=None, dry=dry)
    assert found.values.keys() == {"custom.new0", "custom.new1"}
    assert len(found.problems) == 4_999
    assert "at most 256 custom properties" in found.problems["custom.new2"]


def make_properties(workspace: Workspace, number: int) -> None:
    kind = PropertyKind.CUSTOM
    PropertyDefinition.objects.bulk_create(
        PropertyDefinition(workspace=workspace, kind=kind, key=f"k{each}", label="K", position=each)
        for each in range(number)
    )
    workspace.schema_has_changed()


@pytest.mark.parametrize("item", [{}, [], "text", None, 1])
def test_a_list_that_is_far_too_long_is_refused(acme: Workspace, item: object) -> None:
    (found,) = understand(acme, [Incoming({"custom.k": [item, 1, *range(200_000)]})], actor=None)
    assert "custom.k" in found.problems


def test_blanks_around_a_key_mean_nothing(acme: Workspace) -> None:
    records = [Incoming({"custom. plan ": "pro"}, [Step("custom.seats ", "add", 1)])]
    (found,) = understand(acme, records, actor=None)
    assert types(acme) == {"plan": "text", "seats": "number"}
    assert found.values == {"custom.plan": "pro"}
    assert [step.path for step in found.steps] == ["custom.seats"]
    (again,) = understand(acme, records, actor=None)
    assert (again.values, again.problems) == (found.values, {})
