"""The compiled schema as a whole: fields, batches, what is unknown or archived, the cache."""

import pytest
from django.db import transaction
from django.utils.timezone import now

from profiles.models import PropertyDefinition, Workspace
from profiles.schema import Schema, pattern_problem, schema_of


def definition(key: str, type: str = "text", **rest: object) -> PropertyDefinition:
    return PropertyDefinition(**{"kind": "custom", "key": key, "label": key.title(), "type": type} | rest)


def test_fields_keep_the_order_of_definitions_and_leave_out_archived_ones() -> None:
    schema = Schema([definition("b"), definition("a", archived_at=now()), definition("c")])
    assert list(schema.fields) == ["custom.b", "custom.c"]
    assert schema.field("custom.a") is None
    assert schema.field("custom.b") is schema.fields["custom.b"]


def test_the_distinct_id_is_a_fact_with_the_label_and_star_of_its_definition() -> None:
    schema = Schema([definition("distinct_id", kind="default", label="Customer number", starred=True)])
    assert "distinct_id" not in schema.fields
    assert schema.starred == {"distinct_id"}
    assert schema.facts["distinct_id"].label == "Customer number"
    assert (
        schema.validate({"distinct_id": "x" * 1025}).errors[0].message.startswith("Customer number may have")
    )


def test_a_batch_says_the_same_as_one_row_at_a_time() -> None:
    schema = Schema([definition("n", "integer"), definition("t"), definition("old", archived_at=now())])
    rows = [
        {"custom.n": "1", "custom.t": ""},
        {"custom.n": "x", "custom.t": "\0"},
        {"custom.n": " ", "else": 1},
        {"custom.old": "a"},
        {},
    ]
    batch = schema.validate_many(rows)
    assert batch == [schema.validate(row) for row in rows]
    assert batch[0].values == {"custom.n": 1, "custom.t": None}
    assert [error.path for error in batch[1].errors] == ["custom.n", "custom.t"]
    assert batch[2].unknown == {"else": 1}
    assert batch[3].errors[0].message == "Old is archived and takes no values; “a” was given."


def test_rules_in_words() -> None:
    schema = Schema(
        [
            definition("a", min_length=3, max_length=20, pattern="[a-z]+"),
            definition("b", "number", minimum=0.5),
            definition("c", "text_list", max_length=5, max_elements=3),
            definition("d", "choice", choices=["x", "y"]),
            definition("e", "number", maximum=0),
        ]
    )
    assert [field.rule_in_words for field in schema.fields.values()] == [
        "3 to 20 characters, matching [a-z]+",
        "at least 0.5",
        "each at most 5 characters, at most 3 elements",
        "one of x, y",
        "at most 0",
    ]


@pytest.mark.parametrize("pattern", ["(a", "(a{1000}){1000}", "(?=x)y", "\ud800", "(?x) a # b"])
def test_patterns_that_cannot_be_used_are_explained(pattern: str) -> None:
    assert pattern_problem(pattern)


def test_patterns_run_in_linear_time() -> None:
    schema = Schema([definition("t", pattern="(a+)+b")])
    assert schema.validate({"custom.t": "a" * 10_000}).errors[0].rule == "pattern"


def test_the_schema_is_kept_per_version(acme: Workspace, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        first = schema_of(acme)
    assert schema_of(acme) is first
    PropertyDefinition.objects.create(workspace=acme, key="plan", label="Plan")
    acme.schema_has_changed()
    assert "custom.plan" in schema_of(acme).fields
    assert "custom.plan" not in first.fields


@pytest.mark.django_db(transaction=True)
def test_a_schema_that_is_rolled_back_is_forgotten() -> None:
    workspace = Workspace.objects.create(slug="short-lived", name="Short-lived")
    with transaction.atomic():
        PropertyDefinition.objects.create(workspace=workspace, key="plan", label="Plan")
        workspace.schema_has_changed()
        assert "custom.plan" in schema_of(workspace).fields
        transaction.set_rollback(True)
    workspace.refresh_from_db()
    workspace.schema_has_changed()
    assert "custom.plan" not in schema_of(workspace).fields
