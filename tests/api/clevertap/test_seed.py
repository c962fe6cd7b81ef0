"""The examples of seed 003, run as they are written there, against the real server.

Only the host, the credentials and, the second time, the CleverTap ID are replaced.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest

from profiles.models import Profile, Workspace
from tests.api.conftest import MakeKey

HOST = "https://in1.api.clevertap.com"
GUID = "df2e224d90874887b4d61153ef3a2508"
CURL = r"""
curl -X POST -d '{"guid":"df2e224d90874887b4d61153ef3a2508"}' "https://in1.api.clevertap.com/1/delete/profiles.json" \
-H "X-CleverTap-Account-Id: ACCOUNT_ID" \
-H "X-CleverTap-Passcode: PASSCODE" \
-H "Content-Type: application/json; charset=utf-8"
"""  # noqa: E501  As it stands there.
PYTHON = """
import requests

headers = {
    'X-CleverTap-Account-Id': 'ACCOUNT_ID',
    'X-CleverTap-Passcode': 'PASSCODE',
    'Content-Type': 'application/json; charset=utf-8',
}

data = '{"guid":"df2e224d90874887b4d61153ef3a2508"}'

response = requests.post('https://in1.api.clevertap.com/1/delete/profiles.json', headers=headers, data=data)
"""

Run = Callable[..., str]


@pytest.fixture
def run(live_api: str, acme: Workspace, make_key: MakeKey) -> Run:
    """What the example prints."""
    _, secret = make_key()

    def run(example: str, *, guid: str = GUID) -> str:
        for old, new in ((HOST, live_api), ("ACCOUNT_ID", "acme"), ("PASSCODE", secret), (GUID, guid)):
            example = example.replace(old, new)
        shell = ["sh", "-c"] if example.lstrip().startswith("curl") else [sys.executable, "-c"]
        return subprocess.run(
            [*shell, example], capture_output=True, text=True, timeout=60, check=True
        ).stdout

    return run


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_with_curl(run: Run, alice: Profile) -> None:
    assert run(CURL) == '{"status":"success"}'
    assert Profile.objects.exists()
    assert run(CURL, guid=alice.pk.hex) == '{"status":"success"}'
    assert not Profile.objects.exists()


def test_with_python(run: Run, alice: Profile) -> None:
    assert run(f"{PYTHON}print(response.json())", guid=str(alice.pk)).strip() == "{'status': 'success'}"
    assert not Profile.objects.exists()
