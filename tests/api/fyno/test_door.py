"""Who is let in, and what is said where there is nothing."""

import pytest
from django.test import Client

from profiles.models import Profile, Workspace
from tests.api.conftest import MakeKey

from .conftest import Ask, error


def test_a_wrong_key_or_workspace_is_told_no_more(api: Client, acme: Workspace, make_key: MakeKey) -> None:
    _, secret = make_key()
    for path, authorization in (
        ("acme/live", "Bearer nonsense"),
        ("acme/live", ""),
        ("acme/live", "Basic " + secret),
        ("globex/live", "Bearer " + secret),
    ):
        answer = api.get(f"/v1/{path}/profiles/U1", headers={"Authorization": authorization})
        assert (answer.status_code, answer.json()) == (401, error("Invalid API details"))


@pytest.mark.parametrize("workspace", ["acme", "acme------"])
def test_hyphens_may_fill_up_a_short_workspace_id(
    api: Client, make_key: MakeKey, alice: Profile, workspace: str
) -> None:
    """Fyno's client library takes IDs of 10 to 20 characters only."""
    _, secret = make_key()
    answer = api.get(f"/v1/{workspace}/live/profiles/alice", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["distinct_id"] == "alice"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "profiles", 405),
        ("POST", "profiles/U1", 405),
        ("DELETE", "profiles/U1", 405),
        ("GET", "profiles/delete", 405),
        ("GET", "subscriptions/preference", 404),
        ("GET", "", 404),
    ],
)
def test_what_is_not_there_is_said_in_fynos_shape(fyno: Ask, method: str, path: str, code: int) -> None:
    found, answer = fyno(method, path)
    assert (found, answer["status"], set(answer)) == (code, "error", {"status", "_message"})


def test_a_workspace_that_cannot_be_is_told_so_in_fynos_shape(api: Client, db: None) -> None:
    answer = api.get("/v1/Ünknown/live/profiles/U1")
    assert (answer.status_code, answer.json()) == (404, error("There is no such endpoint."))


@pytest.mark.parametrize("version", ["LIVE", "prod", "1"])
def test_there_is_only_live_and_test(fyno: Ask, alice: Profile, version: str) -> None:
    assert fyno("GET", "profiles/alice", version=version) == (404, error("There is only live and test."))
