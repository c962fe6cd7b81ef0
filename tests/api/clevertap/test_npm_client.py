"""CleverTap's own client for Node, as npm has it, against the real server.

It always asks `https://<region>.api.clevertap.com`. Its code is not changed: `to_loopback.js`, which node
loads before it, is the network, and leads that host to ours.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from profiles.models import Profile, Workspace
from profiles.operations.merging import merge_profiles
from tests.api.conftest import MakeKey
from tests.conftest import Make

ROOT = Path(__file__).resolve().parents[3]
CLIENTS = ROOT / "tests" / "clients"

Call = Callable[..., list[Any]]


@pytest.fixture(scope="session")
def node() -> str:
    found = subprocess.run([ROOT / "bin" / "clients"], capture_output=True, text=True, check=False)
    if not found.stdout:
        pytest.fail(f"{found.stderr.strip()} “make test” does so where it can.")
    return found.stdout.strip()


@pytest.fixture
def call(node: str, live_api: str, acme: Workspace, make_key: MakeKey) -> Call:
    """`call(["upload", [...]], ["profile", {...}])`: what the client answers each call."""
    _, secret = make_key()

    def call(
        *calls: list[Any], account: str = "acme", passcode: str = secret, endpoint: str = ""
    ) -> list[Any]:
        environment = {
            "PROFILES_URL": live_api,
            "ACCOUNT_ID": account,
            "PASSCODE": passcode,
            "ENDPOINT": endpoint,
        }
        ran = subprocess.run(
            [node, "--require", "./to_loopback.js", "clevertap.js"],
            cwd=CLIENTS,
            env=os.environ | environment,
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return list(json.loads(ran.stdout))

    return call


def test_profiles_are_uploaded_read_counted_downloaded_and_deleted(call: Call) -> None:
    peter = {
        "type": "profile",
        "identity": "6264372124",
        "ts": 1_468_308_340,
        "profileData": {
            "favoriteColor": "green",
            "Age": 30,
            "Phone": "+14155551234",
            "Email": "peter@foo.com",
        },
    }
    bad = {"type": "profile", "identity": "7", "profileData": {"Email": "nope"}}
    crowd = [{"type": "profile", "identity": f"p-{n}", "profileData": {"n": n}} for n in range(150)]
    everybody = {"event_name": "-1", "from": 20_260_101, "to": 20_261_231}
    uploaded, batches, found, by_email, counted, downloaded, deleted, gone = call(
        ["upload", [peter, bad]],
        ["upload", crowd],
        ["profile", {"identity": "6264372124"}],
        ["profile", {"email": "peter@foo.com"}],
        ["getProfilesCount", everybody],
        ["profiles", everybody, {"batchSize": 60}],
        ["delete", {"identity": ["6264372124", "p-0"]}],
        ["profile", {"identity": "6264372124"}],
    )
    assert (uploaded["status"], uploaded["processed"]) == ("partial", 1)
    (failure,) = uploaded["unprocessed"]
    assert failure == {
        "status": "fail",
        "code": 515,
        "error": "Profile data is incorrect. Email is not valid.Skipped record number : 2",
        "record": bad,
    }
    assert [batch["processed"] for batch in batches] == [100, 50]
    assert found == by_email
    assert found["record"]["profileData"] == {"favoriteColor": "green", "Age": 30}
    assert (found["record"]["email"], found["record"]["phone"]) == ("peter@foo.com", "+14155551234")
    assert counted == {"status": "success", "count": 151}
    assert len({record["identity"] for record in downloaded}) == len(downloaded) == 151
    assert deleted == {"status": "success"}
    assert gone == {"status": "fail", "error": "Profile not found", "code": 404}
    assert Profile.objects.count() == 149


def test_identities_tokens_and_subscriptions(call: Call, alice: Profile, make_profile: Make) -> None:
    bob = make_profile("bob", phone="+14155551234")
    merge_profiles(alice.workspace, absorbed=bob.pk, survivor=alice.pk, door="console", actor=None)
    token = {"type": "token", "objectId": alice.pk.hex, "tokenData": {"id": "t-1", "type": "fcm"}}
    wish = {"type": "email", "value": alice.email, "status": "Unsubscribe"}
    phone = {"type": "phone", "value": alice.phone}
    demerged, *others = call(
        ["demerge", {"identities": ["bob"]}],
        ["uploadDeviceTokens", [token]],
        ["subscribe", {"d": [wish]}],
        ["disassociate", {"d": [phone]}],
    )
    assert demerged == {"status": "success"}
    assert others == [{"status": "success", "processed": 1, "unprocessed": []}] * 3
    alice.refresh_from_db()
    assert (alice.phone, alice.custom["MSG-email"]) == ("", False)
    assert alice.channels["push"] == [{"token": "t-1", "status": 1}]
    assert Profile.objects.filter(distinct_id="bob").exists()


def test_the_host_is_one_setting_of_the_client(call: Call, live_api: str, alice: Profile) -> None:
    (found,) = call(["profile", {"identity": "alice"}], endpoint=f"{live_api}/1")
    assert found["record"]["objectId"] == alice.pk.hex


def test_wrong_credentials_and_requests_are_told_so(call: Call, alice: Profile) -> None:
    asked = ["profile", {"identity": "alice"}]
    assert call(asked, account="globex") == [
        {"status": "fail", "error": "Account ID is not valid", "code": 401}
    ]
    assert call(asked, passcode="wrong") == [{"status": "fail", "error": "Passcode Invalid", "code": 401}]
    both, events = call(["delete", {"identity": "alice", "guid": "x"}], ["getEventsCount", {}])
    assert both == {"status": "fail", "error": "Give one of identity and guid, not both.", "code": 400}
    assert (events["status"], events["code"]) == ("fail", 404)
