"""How many profiles have a value, and how many values would break a rule."""

from typing import Any

import pytest
from django.db import connection

from profiles.models import Profile, PropertyDefinition, Workspace
from profiles.operations.properties import create_property
from profiles.operations.write import ProfileRow, write_profiles
from profiles.queries import counts, properties
from profiles.queries.properties import count_lacking, has_values, unfit_values, usage_of


@pytest.fixture
def plan(acme: Workspace) -> PropertyDefinition:
    return create_property(acme, actor=None, key="plan", label="Plan", type="text")


def test_each_property_is_counted(acme: Workspace, globex: Workspace, plan: Any, make_profile: Any) -> None:
    make_profile("a", first_name="A", custom__plan="pro", channel__sms="+49301234567", birthday="2000-01-31")
    make_profile("b", first_name="B")
    make_profile("c", first_name="C", workspace=globex)
    found = usage_of(acme)
    assert (found.total, found.is_about) == (2, False)
    paths = (
        "first_name",
        "custom.plan",
        "channel.sms",
        "birthday",
        "last_name",
        "distinct_id",
        "custom.none",
    )
    assert [found.of(path) for path in paths] == [2, 1, 1, 1, 0, 2, 0]


def test_an_empty_workspace_has_no_values(acme: Workspace) -> None:
    assert usage_of(acme).of("email") == 0


def test_large_workspaces_are_estimated_from_a_sample(
    acme: Workspace, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ProfileRow(f"p{n}", values={"custom.plan": "pro"} if n % 4 == 0 else {}) for n in range(4000)]
    write_profiles(acme, rows, mode="create", source="demo", actor=None)
    properties.connection.cursor().execute("ANALYZE profiles_profile")
    for module in (counts, properties):
        monkeypatch.setattr(module, "CAP", 1000)
    monkeypatch.setattr(properties, "SAMPLE", 2000)
    found = usage_of(acme)
    assert found.is_about
    assert 3500 < found.total < 4500
    assert 0.2 < found.of("custom.plan") / found.total < 0.3


def test_values_are_found_wherever_they_are_kept(acme: Workspace, plan: Any, make_profile: Any) -> None:
    email = acme.property_definitions.get(key="email")
    sms = acme.property_definitions.get(key="sms")
    birthday = acme.property_definitions.get(key="birthday")
    make_profile("a")
    assert not any(map(has_values, (email, sms, birthday, plan)))
    make_profile(
        "a", email="a@b.example", channel__sms="+49301234567", custom__plan="x", birthday="2000-01-31"
    )
    assert all(map(has_values, (email, sms, birthday, plan)))


def test_values_that_would_break_a_new_rule_are_counted(
    plan: Any, globex: Workspace, make_profile: Any
) -> None:
    for name in ("free", "pro", "enterprise"):
        make_profile(name, custom__plan=name)
    make_profile("none")
    plan.max_length = 4
    found = unfit_values(plan)
    assert (found.count, found.looked_at, str(found)) == (1, 3, "1")
    plan.max_length, plan.pattern = None, "[a-m]+|pro"
    assert unfit_values(plan).count == 2


def test_a_column_is_counted_too(acme: Workspace, make_profile: Any) -> None:
    make_profile("a", email="a@corp.example")
    make_profile("b", email="b@b.example")
    make_profile("c")
    email = acme.property_definitions.get(key="email")
    email.pattern = ".*@corp[.]example"
    assert (unfit_values(email).count, unfit_values(email).looked_at) == (1, 2)


@pytest.mark.parametrize(
    ("path", "lacking"), [("custom.plan", 2), ("city", 2), ("birthday", 2), ("channel.sms", 3)]
)
def test_profiles_without_a_value_are_counted(
    acme: Workspace, globex: Workspace, plan: Any, make_profile: Any, path: str, lacking: int
) -> None:
    make_profile("ann", custom__plan="pro", city="Ulm", birthday="2000-01-01")
    make_profile("bob", custom__other=1)
    make_profile("cid", custom__other=None)
    make_profile("dan", workspace=globex)
    (definition,) = (each for each in acme.property_definitions.all() if each.path == path)
    assert count_lacking(definition) == lacking


def test_counting_stops_when_it_takes_too_long_and_says_so(
    plan: Any, make_profile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        make_profile(str(n), custom__plan="too long")
    monkeypatch.setattr(properties, "PATIENCE", -1.0)
    monkeypatch.setattr(properties, "_BATCH", 2)
    plan.max_length = 3
    assert str(unfit_values(plan)) == "at least 2"


@pytest.mark.parametrize("rows", [-1, 0, 1, 10_000])
def test_a_sample_of_a_table_with_few_rows_or_none_known_is_all_of_it(
    acme: Workspace, alice: Profile, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(properties, "CAP", 0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = %s WHERE oid = 'profiles_profile'::regclass", [rows])
    usage = usage_of(acme)
    assert usage.is_about
    assert usage.counts["email"] == usage.total
