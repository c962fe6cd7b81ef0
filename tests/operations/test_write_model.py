"""Any sequence of writes leaves what a plain-Python model of the rules says."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.models import Door, Profile, Workspace
from profiles.operations.erase import erase_profiles
from profiles.operations.rows import Mode
from profiles.operations.write import ProfileRow, write_profiles

NAMES = st.sampled_from(["ann", "bob", "eve"])
TEXTS = st.sampled_from(["", "Rome", "Oslo", "é👍", "0"])
TAGS = st.lists(st.sampled_from(["vip", "VIP", "Beta", "été"]), max_size=3)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": st.none() | TEXTS,
        "email": st.none() | st.sampled_from(["a@example.com", "b@example.com"]),
        "birthday": st.none() | st.dates().map(str),
        "status": st.sampled_from(["active", "disabled"]),
        "channel.sms": st.none() | st.sampled_from(["+15550100", "+15550101"]),
        "custom.n": st.none() | st.integers(-5, 5) | st.floats(-2, 2, width=16) | st.booleans(),
        "custom.list": st.none() | st.lists(st.integers(0, 3), max_size=3),
        "tags": TAGS,
    },
)
ROWS = st.builds(ProfileRow, NAMES, values=VALUES, add_tags=TAGS, remove_tags=TAGS)
STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "update", "upsert", "replace"]), st.lists(ROWS, max_size=5))
    | st.tuples(st.just("erase"), st.lists(NAMES, max_size=2)),
    max_size=6,
)


class Model:
    """The rules once more, one profile at a time, as a dictionary of dictionaries."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.spelling: dict[str, str] = {}

    def register(self, rows: list[ProfileRow]) -> None:
        names = {tag for row in rows for tag in [*row.add_tags, *row.values.get("tags", [])]}
        for tag in sorted(names):
            self.spelling.setdefault(tag.lower(), tag)

    def write(self, row: ProfileRow, mode: Mode) -> str:
        old = self.people.get(row.distinct_id)
        if (mode == "create" and old) or (mode == "update" and not old):
            return "refused"
        new = dict(old or {"status": "active"})
        if mode == "replace":
            new = {"status": new["status"]}
        for path, value in row.values.items():
            new[path] = value
        tags = {tag.lower() for tag in row.remove_tags}
        kept = dict.fromkeys(tag.lower() for tag in [*(new.get("tags") or []), *row.add_tags])
        new["tags"] = [self.spelling[tag] for tag in kept if tag not in tags]
        self.people[row.distinct_id] = {
            path: value for path, value in new.items() if value is not None and value not in ("", [])
        }
        return (
            "created"
            if not old
            else "updated"
            if canonical(old) != canonical(self.people[row.distinct_id])
            else "unchanged"
        )


def canonical(state: dict[str, Any]) -> dict[str, str]:
    return {path: f"{value!r}" if isinstance(value, bool) else f"{value}" for path, value in state.items()}


def stored(profile: Profile) -> dict[str, Any]:
    state: dict[str, Any] = {
        "city": profile.city,
        "email": profile.email,
        "birthday": profile.birthday and str(profile.birthday),
        "status": profile.status,
        "tags": profile.tags,
    }
    state |= {f"channel.{key}": value for key, value in profile.channels.items()}
    state |= {f"custom.{key}": value for key, value in profile.custom.items()}
    return {path: value for path, value in state.items() if value is not None and value not in ("", [])}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_writes_equals_the_model(acme: Workspace, steps: list[Any]) -> None:
    erase_profiles(acme, Profile.objects.values_list("pk", flat=True), source=Door.CONSOLE, actor=None)
    acme.tag_registry.all().delete()
    model = Model()
    for mode, rows in steps:
        if mode == "erase":
            gone = Profile.objects.filter(distinct_id__in=rows).values_list("pk", flat=True)
            erase_profiles(acme, gone, source=Door.CONSOLE, actor=None)
            for name in rows:
                model.people.pop(name, None)
            continue
        model.register(rows)
        outcomes = write_profiles(acme, rows, mode=mode, source=Door.CONSOLE, actor=None)
        assert [outcome.status for outcome in outcomes] == [model.write(row, mode) for row in rows]
    found = {profile.distinct_id: stored(profile) for profile in Profile.objects.all()}
    assert found == model.people
    assert_history_explains(found)


def assert_history_explains(found: dict[str, dict[str, Any]]) -> None:
    """Playing a profile's history from its creation gives what is stored."""
    for profile in Profile.objects.all():
        state: dict[str, Any] = {}
        for change in profile.changes.order_by("id"):
            assert {path: state.get(path) for path in change.old} == change.old
            for path in change.old.keys() - change.new.keys():
                del state[path]
            state |= change.new
        assert state == found[profile.distinct_id]


@pytest.mark.parametrize("size", [0])
def test_no_rows_are_no_work(acme: Workspace, size: int) -> None:
    assert write_profiles(acme, [], mode="upsert", source=Door.CONSOLE, actor=None) == []
