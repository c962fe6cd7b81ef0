"""The examples of seed 004, run as they are written there, against the real server.

Only the host, the token and the addresses that the page hid ("[email protected]") are replaced; line breaks
that the page lost are where they were.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from profiles.models import Workspace
from tests.api.conftest import MakeKey

HOST = "https://coolbikes.zendesk.com"
TOKEN = "6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv"
HIDDEN = "[email protected]"
EMAIL = "jdoe@example.com"

PATCH_JSON = """
{
  "profile": {
    "name": "Jane Doe",
    "attributes": {
      "saddle_height": "87cm"
    }
  }
}
"""
PUT_JSON = """
{
  "profile": {
    "name": "Jane Doe",
    "identifiers": [
      {
        "type": "email",
        "value": "[email protected]"
      }
    ],
    "attributes": {
      "favorite_color": "red",
      "saddle_height": "85cm"
    }
  }
}
"""
CURL = r"""
curl "https://coolbikes.zendesk.com/api/v2/user_profiles?identifier=coolbikes:rider:email:[email protected]" \
  -d @profile.json \
  -H "Content-Type: application/json" \
  -v -u devs@coolbikes.com/token:6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv -X PATCH
"""
PATCH_PYTHON = """
import json
import requests

identifier_query = 'coolbikes:rider:email:[email protected]'
with open('profile.json', mode='r') as f:
    profile = json.load(f)

url = 'https://coolbikes.zendesk.com/api/v2/user_profiles'
params = {'identifier': identifier_query}
headers = {'Content-Type': 'application/json'}
api_token = '6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv'
credentials = '[email protected]/token', api_token
response = requests.patch(url, params=params, json=profile, headers=headers, auth=credentials)
if response.status_code != 200:
    print(f'{response.status_code}: {response.text}')
else:
    print(response.json())
"""
# In the seed, the two differ in nothing else.
PUT_CURL = CURL.replace("-X PATCH", "-X PUT")
PUT_PYTHON = PATCH_PYTHON.replace("requests.patch", "requests.put").replace("!= 200", "!= 201")

Run = Callable[[str, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(live_api: str, acme: Workspace, make_key: MakeKey, tmp_path: Path) -> Run:
    """`run(example, body)`: the example, beside a `profile.json` of that body; and what it prints."""
    _, secret = make_key()

    def run(example: str, body: str) -> "subprocess.CompletedProcess[str]":
        (tmp_path / "profile.json").write_text(body.replace(HIDDEN, EMAIL))
        text = example.replace(HOST, live_api).replace(TOKEN, secret).replace(HIDDEN, EMAIL)
        shell = ["sh", "-c"] if text.lstrip().startswith("curl") else [sys.executable, "-c"]
        return subprocess.run([*shell, text], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    return run


def without_times(profile: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in profile.items() if key not in ("id", "user_id") and key[-3:] != "_at"
    }


def jane(saddle_height: str) -> dict[str, Any]:
    return {
        "source": "coolbikes",
        "type": "rider",
        "name": "Jane Doe",
        "attributes": {"favorite_color": "red", "saddle_height": saddle_height},
        "identifiers": [{"type": "email", "value": EMAIL}],
    }


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_with_curl(run: Run) -> None:
    made = run(PUT_CURL, PUT_JSON)
    assert "< HTTP/1.1 201" in made.stderr
    first = json.loads(made.stdout)["profile"]
    assert without_times(first) == jane("85cm")
    patched = run(CURL, PATCH_JSON)
    assert "< HTTP/1.1 200" in patched.stderr
    second = json.loads(patched.stdout)["profile"]
    assert without_times(second) == jane("87cm")
    replaced = run(PUT_CURL, PUT_JSON)
    assert "< HTTP/1.1 200" in replaced.stderr
    third = json.loads(replaced.stdout)["profile"]
    assert without_times(third) == jane("85cm")
    for stays in ("id", "user_id", "created_at"):
        assert first[stays] == second[stays] == third[stays]


def test_with_python(run: Run) -> None:
    missing = run(PATCH_PYTHON, PATCH_JSON)
    assert missing.stdout.startswith("404: ")
    made = run(PUT_PYTHON, PUT_JSON)
    assert "'saddle_height': '85cm'" in made.stdout, made.stderr
    patched = run(PATCH_PYTHON, PATCH_JSON)
    assert "'saddle_height': '87cm'" in patched.stdout
    again = run(PUT_PYTHON, PUT_JSON)
    assert again.stdout.startswith("200: ")  # The example takes 201 for what a replacement answers, too.
