"""Whatever comes in: no exception, and what is accepted can be stored, read back and validated again."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from profiles.models import PropertyDefinition, PropertyType, Workspace
from profiles.schema import Schema, guess_type, texts

LIKELY = [
    *("0", "1", "5.0", "-1e5", "2024-01-31", "2024-01-31T10:00Z", "a;b", "1;2", "52.5,13.4", "yes", "x"),
    *("a@b.example", "a@[1.2.3.4]", "+49301234567", "https://x.example/a", "de", "en-us", "UTC", "=1+1"),
    *('[{"token":"a"}]', "１２", "٣", "ſs", "İ", "K", "ß"),
    *("", " ", "\u00a0", "\x1f", "\u200b"),
]
HOSTILE = ["\0", "\ud800", "\u2028", "[" * 5000, "9" * 400, "0." + "0" * 400 + "1", "a" * 11_000]
likely = st.sampled_from(LIKELY + HOSTILE)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | likely
scalars |= st.sampled_from([10**4000, 2**63, 1e308, 5e-324]) | st.datetimes() | st.dates()
scalars |= st.text(alphabet=st.characters())
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["lat", "lon", "token", "status", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
rules: dict[str, dict[str, Any]] = {
    "choice": {"choices": ["x", "y z", "1"]},
    "text": {"pattern": "(?s).*"},
    "text_list": {"max_elements": 3},
    "integer": {"minimum": -1000},
}
schema = Schema(
    PropertyDefinition(kind="custom", key=type, label=type.title(), type=type, **rules.get(type, {}))
    for type in PropertyType.values
)
paths = st.sampled_from([*schema.fields, *schema.facts])
rows = st.dictionaries(paths, values, max_size=6)


@given(rows=st.lists(rows, max_size=4))
@settings(max_examples=400, deadline=None)
def test_a_batch_never_raises_and_agrees_with_single_rows(rows: list[dict[str, Any]]) -> None:
    assert schema.validate_many(rows) == [schema.validate(row) for row in rows]


@given(row=rows)
@example(row={"custom.text": "  "})
@example(row={"custom.text": "\u00a0", "tags": "\t"})
@settings(max_examples=300, deadline=None)
def test_a_row_alone_and_the_same_row_as_a_batch_mean_the_same(row: dict[str, Any]) -> None:
    assert schema.validate_many([row]) == [schema.validate(row)]


@given(row=rows)
@settings(max_examples=800, deadline=None)
def test_accepted_values_are_json_and_validate_to_themselves(row: dict[str, Any]) -> None:
    found = schema.validate(row)
    text = json.dumps(found.values, allow_nan=False, ensure_ascii=False)
    assert "\\u0000" not in text
    text.encode()
    again = schema.validate(json.loads(text))
    assert not again.errors
    assert json.dumps(again.values) == json.dumps(found.values)


@given(row=rows)
@settings(max_examples=300, deadline=None)
def test_each_value_is_accepted_or_complained_of_in_one_line(row: dict[str, Any]) -> None:
    found = schema.validate(row)
    for error in found.errors:
        error.message.encode()
        assert error.message.endswith(".")
        assert "\n" not in error.message
        assert len(error.message) < 400
    assert not {error.path for error in found.errors} & found.values.keys()


@pytest.mark.django_db
@given(row=rows)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_accepted_values_come_back_from_postgresql_as_they_were(row: dict[str, Any]) -> None:
    found = schema.validate(row).values
    workspace, _ = Workspace.objects.get_or_create(slug="any", name="Any")
    entry = workspace.audit_entries.create(verb="try", details=found)
    entry.refresh_from_db()
    assert schema.validate(entry.details).values == found
    if "last_seen_at" in found:
        assert datetime.fromisoformat(found["last_seen_at"]).utcoffset() is not None


@given(values=st.lists(values, max_size=5))
@settings(max_examples=300, deadline=None)
def test_the_guessed_type_fits_the_values_it_was_guessed_from(values: list[Any]) -> None:
    guessed = guess_type(values)
    assert guessed in PropertyType
    if guessed != PropertyType.TEXT:
        one = Schema([PropertyDefinition(kind="custom", key="k", label="K", type=guessed)])
        assert not [error for value in values for error in one.validate({"custom.k": value}).errors]


@given(value=st.from_regex(texts._EMAIL, fullmatch=True).filter(lambda value: len(value) <= 254))
@settings(deadline=None)
def test_the_quick_way_for_usual_addresses_takes_only_what_the_slow_one_would(value: str) -> None:
    assert texts.read_email(value.rstrip("\n")) == value.rstrip("\n")
