"""Steps: changes that depend on what is there, taken while the profile is locked."""

import pytest

from profiles.models import Door, Profile, Workspace
from profiles.operations.properties import create_property
from profiles.operations.write import Outcome, ProfileRow, Step, write_profiles
from tests.conftest import Make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def properties(acme: Workspace) -> None:
    for key, type in (("seats", "integer"), ("colours", "text_list"), ("scores", "number_list")):
        create_property(
            acme, actor=None, key=key, label=key, type=type, **({"maximum": 10} if key == "seats" else {})
        )
    create_property(acme, actor=None, key="plan", label="Plan", type="text")


def take(workspace: Workspace, *steps: Step, **values: object) -> Outcome:
    row = ProfileRow(distinct_id="bob", values=values, steps=steps)
    (outcome,) = write_profiles(workspace, [row], mode="upsert", source=Door.FYNO, actor=None)
    return outcome


def custom() -> dict[str, object]:
    return dict(Profile.objects.get(distinct_id="bob").custom)


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (None, Step("custom.seats", "add", 2), 2),
        (5, Step("custom.seats", "add", 2), 7),
        (5, Step("custom.seats", "add", -7), -2),
        (None, Step("custom.plan", "once", "pro"), "pro"),
        ("free", Step("custom.plan", "once", "pro"), "free"),
        (None, Step("custom.colours", "append", ["red"]), ["red"]),
        (["red"], Step("custom.colours", "append", ["red", "blue"]), ["red", "blue"]),
        (["a", "b"], Step("custom.colours", "append", ["c"], most=2), ["b", "c"]),
        (["red", "blue"], Step("custom.colours", "remove", ["red", "green"]), ["blue"]),
        (["red"], Step("custom.colours", "remove", ["red"]), None),
        (None, Step("custom.colours", "remove", ["red"]), None),
        ([1, 2], Step("custom.scores", "remove", [1]), [2]),
    ],
)
def test_each_deed(acme: Workspace, make_profile: Make, before: object, step: Step, after: object) -> None:
    key = step.path.removeprefix("custom.")
    make_profile("bob", **({f"custom__{key}": before} if before is not None else {}))
    outcome = take(acme, step)
    assert custom().get(key) == after
    assert outcome.dropped == []
    assert outcome.status == ("unchanged" if before == after else "updated")


def test_a_step_that_does_not_fit_is_left_out_and_the_rest_is_written(
    acme: Workspace, make_profile: Make
) -> None:
    make_profile("bob", custom__seats=9, custom__plan="free")
    outcome = take(
        acme, Step("custom.seats", "add", 2), Step("custom.plan", "add", 1), **{"custom.plan": "pro"}
    )
    assert custom() == {"seats": 9, "plan": "pro"}
    assert len(outcome.dropped) == 2


def test_steps_follow_the_values_of_their_row_and_each_other(acme: Workspace) -> None:
    outcome = take(
        acme, Step("custom.seats", "add", 1), Step("custom.seats", "add", 2), **{"custom.seats": 3}
    )
    assert outcome.status == "created"
    assert custom() == {"seats": 6}


def test_a_token_that_is_there_takes_its_new_settings(acme: Workspace, make_profile: Make) -> None:
    make_profile("bob", channel__push=[{"token": "a"}, {"token": "b"}])
    take(acme, Step("channel.push", "append", [{"token": "a", "status": 0}]))
    assert [token["token"] for token in Profile.objects.get(distinct_id="bob").channels["push"]] == ["a", "b"]
    take(acme, Step("channel.push", "remove", [{"token": "a"}]))
    assert [token["token"] for token in Profile.objects.get(distinct_id="bob").channels["push"]] == ["b"]
