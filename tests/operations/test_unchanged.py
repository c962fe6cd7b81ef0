"""What one look finds unchanged is what `write_profiles` finds unchanged, and no more than that."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Profile, Workspace
from profiles.operations.merging import merge_profiles
from profiles.operations.unchanged import Said, unchanged_among
from profiles.operations.write import ProfileRow, write_profiles
from tests.conftest import Make

FULL: dict[str, Any] = {
    "city": "Oxford",
    "birthday": "1990-05-04",
    "last_seen_at": "2026-01-31T09:30:00.120000+00:00",
    "tags": ["vip", "Beta"],
    "channel.sms": "+4915112345678",
    "custom.seats": 1,
    "custom.list": [1, 2],
}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from([None, "", "Rome", "Oslo"]),
        "status": st.sampled_from([None, "active", "disabled"]),
        "tags": st.sampled_from([None, [], ["vip"], ["VIP"], ["vip", "Beta"]]),
        "custom.n": st.sampled_from([None, 0, 1, 1.0, 0.5, True, False]),
        "custom.list": st.sampled_from([None, [], [1], [1, 2]]),
    },
)
ROWS = st.lists(st.tuples(st.just("live"), st.sampled_from(["ann", "bob", "eve"]), VALUES), max_size=6)


def seen(workspace: Workspace, *rows: Said) -> list[bool]:
    return unchanged_among(workspace, rows)


def write(workspace: Workspace, *rows: Said) -> list[str]:
    outcomes = write_profiles(
        workspace,
        [ProfileRow(distinct_id, environment, values or {}) for environment, distinct_id, values in rows],
        mode="upsert",
        source="api",
        actor=None,
    )
    return [outcome.status for outcome in outcomes]


@pytest.mark.parametrize(
    "values",
    [
        {},
        FULL,
        *({path: value} for path, value in FULL.items()),
        {"custom.list": [1, 2], "city": "Oxford", "status": "active"},
    ],
)
def test_what_a_profile_has_already_is_seen(acme: Workspace, values: dict[str, Any]) -> None:
    write(acme, ("live", "ann", FULL))
    assert seen(acme, ("live", "ann", values)) == [True]
    assert write(acme, ("live", "ann", values)) == ["unchanged"]


@pytest.mark.parametrize(
    "values",
    [
        {"city": "Rome"},
        {"city": None},
        {"custom.seats": True},
        {"custom.list": [1]},
        {"custom.new": 1},
        {"tags": ["vip"]},
        {"last_seen_at": "2026-01-31T09:30:00+00:00"},
        None,
    ],
)
def test_what_changes_or_asks_for_more_is_not(acme: Workspace, values: dict[str, Any] | None) -> None:
    write(acme, ("live", "ann", FULL))
    assert seen(acme, ("live", "ann", values)) == [False]


def test_another_workspace_environment_or_name_is_somebody_else(acme: Workspace, globex: Workspace) -> None:
    write(acme, ("live", "ann", FULL))
    assert seen(globex, ("live", "ann", {})) == [False]
    assert seen(acme, ("test", "ann", {}), ("live", "Ann", {}), ("live", "", {})) == [False] * 3


def test_all_rows_of_a_profile_that_one_might_change_are_left(acme: Workspace) -> None:
    write(acme, ("live", "ann", FULL), ("live", "bob", FULL))
    same, other = {"city": "Oxford"}, {"city": "Rome"}
    rows: list[Said] = [("live", "ann", other), ("live", "bob", same), ("live", "ann", same)]
    assert seen(acme, *rows) == [False, True, False]
    assert seen(acme, ("live", "ann", same), ("live", "ann", None)) == [False, False]
    assert seen(acme, ("live", "ann", same), ("live", "ann", same)) == [True, True]


def test_a_distinct_id_that_was_absorbed_is_left_to_the_writer(acme: Workspace, make_profile: Make) -> None:
    ann, bob = make_profile("ann", city="Oxford"), make_profile("bob", city="Oxford")
    merge_profiles(acme, absorbed=bob.pk, survivor=ann.pk, door="console", actor=None)
    assert seen(acme, ("live", "bob", {"city": "Oxford"})) == [False]


def test_rows_of_who_absorbed_somebody_are_left_where_one_of_that_somebody_might_change_them(
    acme: Workspace, make_profile: Make
) -> None:
    ann, bob = make_profile("ann", city="Oxford"), make_profile("bob")
    make_profile("eve", city="Oxford")
    merge_profiles(acme, absorbed=bob.pk, survivor=ann.pk, door="console", actor=None)
    same = {"city": "Oxford"}
    rows: list[Said] = [("live", name, same) for name in ("ann", "eve", "nobody")]
    assert seen(acme, *rows) == [True, True, False]
    assert seen(acme, ("live", "bob", {"city": "Rome"}), *rows) == [False, False, True, False]
    assert seen(acme, ("test", "bob", {"city": "Rome"}), *rows) == [False, True, True, False]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ROWS, rows=ROWS)
def test_to_leave_them_out_makes_no_difference(acme: Workspace, before: list[Said], rows: list[Said]) -> None:
    with transaction.atomic():
        write(acme, *before)
        unchanged = seen(acme, *rows)
        with transaction.atomic():
            statuses = write(acme, *rows)
            stored = _stored()
            transaction.set_rollback(True)
        assert {status for status, is_same in zip(statuses, unchanged, strict=True) if is_same} <= {
            "unchanged"
        }
        write(acme, *(row for row, is_same in zip(rows, unchanged, strict=True) if not is_same))
        assert _stored() == stored
        transaction.set_rollback(True)


def _stored() -> list[Any]:
    return list(Profile.objects.order_by("id").values_list("id", "city", "status", "tags", "custom"))
