"""What the page of a key gives to paste does what it says, pasted as it is, through the real server."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from profiles.models import Workspace
from profiles.screens.keys.clients import Client, clients_for
from tests.conftest import Make

from .conftest import MakeKey

PACKAGES = Path(__file__).resolve().parents[1] / "clients"


@pytest.fixture
def clients(live_api: str, acme: Workspace, make_key: MakeKey, make_profile: Make) -> dict[str, Client]:
    """By name, with a key's secret in them; alice is there to be found."""
    make_profile("alice", email="alice@example.com")
    key, secret = make_key()
    return {client.name: client for client in clients_for(key, f"{live_api}/", secret=secret)}


def code_of(client: Client, title: str) -> str:
    (code,) = [snippet.code for snippet in client.snippets if snippet.title.startswith(title)]
    return code


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Profiles API", '"distinct_id":"alice"'),
        ("CleverTap", '"status": "success"'),
        ("Zendesk Profiles", '"errors"'),
        ("Fyno", '"distinct_id":"alice"'),
    ],
)
def test_the_curl_lines(clients: dict[str, Client], name: str, said: str) -> None:
    line = code_of(clients[name], "curl")
    answer = subprocess.run(["sh", "-c", f"{line} --silent"], capture_output=True, text=True, check=True)
    assert said.replace(" ", "") in answer.stdout.replace(" ", "")


def test_python_with_requests(clients: dict[str, Client], capsys: pytest.CaptureFixture[str]) -> None:
    exec(code_of(clients["Profiles API"], "Python"), {})
    assert "'distinct_id': 'alice'" in capsys.readouterr().out


def test_python_with_the_client_of_zendesk_profiles(clients: dict[str, Client]) -> None:
    names: dict[str, Any] = {}
    exec(code_of(clients["Zendesk Profiles"], "Python"), names)
    found = names["profiles"].get_by_identifier("acme:user:email:alice@example.com")
    assert found.json()["profile"]["name"] == "alice@example.com"


def test_javascript(clients: dict[str, Client]) -> None:
    code = code_of(clients["Profiles API"], "JavaScript")
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", code], capture_output=True, text=True, check=True
    )
    assert "distinct_id: 'alice'" in answer.stdout


@pytest.mark.skipif(not (PACKAGES / "node_modules").exists(), reason="The clients are not installed.")
def test_node_with_the_client_of_clevertap(clients: dict[str, Client]) -> None:
    ask = "clevertap.profile({identity: 'alice'}).then((found) => console.log(JSON.stringify(found)));"
    code = f"{code_of(clients['CleverTap'], 'Node.js')}\n{ask}"
    answer = subprocess.run(["node", "-e", code], cwd=PACKAGES, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["status"] == "success"
