"""From any name of a person to their page."""

from urllib.parse import quote

import pytest
from django.test import Client

from profiles.models import Profile, Workspace
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

pytestmark = pytest.mark.django_db


def target(client: Client, name: str, **query: str) -> str:
    return client.get(f"/w/acme/profiles/by-id/{quote(name, safe='/')}/", query).get("Location", "")


def name(profile: Profile, value: str, kind: str = "distinct_id") -> None:
    row = ProfileRow(
        distinct_id=profile.distinct_id,
        environment=profile.environment,
        identifiers=[NewIdentifier(value, kind=kind)],
    )
    (outcome,) = write_profiles(profile.workspace, [row], mode="update", source="console", actor=None)
    assert not outcome.reasons


@pytest.mark.parametrize(
    "distinct_id", ["bob", "a/b//c", "with space", "50%", "ünï", "👩‍👩‍👧", "שלום", "?q#f", "x" * 1024]
)
def test_a_distinct_id_leads_to_its_page(viewer_client: Client, make_profile: Make, distinct_id: str) -> None:
    profile = make_profile(distinct_id)
    assert target(viewer_client, distinct_id) == f"/w/acme/profiles/{profile.pk}/"


def test_an_absorbed_distinct_id_and_other_identifiers_lead_there_too(
    viewer_client: Client, alice: Profile
) -> None:
    name(alice, "alice-before-the-merge")
    name(alice, "cookie-77", kind="anonymous_id")
    for known in ("alice-before-the-merge", "cookie-77"):
        assert target(viewer_client, known) == f"/w/acme/profiles/{alice.pk}/"
    assert not target(viewer_client, "COOKIE-77")


def test_live_comes_first_and_test_on_demand(
    viewer_client: Client, alice: Profile, make_profile: Make
) -> None:
    tester = make_profile("alice", environment="test")
    assert target(viewer_client, "alice") == f"/w/acme/profiles/{alice.pk}/"
    assert target(viewer_client, "alice", environment="test") == f"/w/acme/profiles/{tester.pk}/"


def test_what_is_unknown_or_impossible_is_not_found(viewer_client: Client, alice: Profile) -> None:
    for path in ("nobody", "nul%00", "x" * 2000, "alice/?environment=prod"):
        assert viewer_client.get(f"/w/acme/profiles/by-id/{path}/").status_code == 404
    assert viewer_client.get("/w/acme/profiles/by-id/alice/?environment=prod").status_code == 404
    assert viewer_client.get("/w/acme/profiles/by-id/").status_code == 404


def test_names_of_another_workspace_are_unknown(
    outsider_client: Client, alice: Profile, globex: Workspace
) -> None:
    name(alice, "old")
    for known in ("alice", "old"):
        assert outsider_client.get(f"/w/globex/profiles/by-id/{known}/").status_code == 404
        assert outsider_client.get(f"/w/acme/profiles/by-id/{known}/").status_code == 404


def test_no_login_and_the_wrong_method(client: Client, viewer_client: Client, alice: Profile) -> None:
    assert client.get("/w/acme/profiles/by-id/alice/")["Location"].startswith("/sign-in/")
    assert viewer_client.post("/w/acme/profiles/by-id/alice/").status_code == 405
