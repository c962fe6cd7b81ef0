"""The requests of Fyno's Node library, byte for byte, and the examples of docs/fyno.md, on the real server.

The library itself is not among the packages that can be installed here; its source says what it sends:
distinct IDs in the path as they are, a slash behind `profiles` on create, a body with GET, merge by POST
without a body, and workspace IDs of 10 to 20, keys of 25 to 60 characters only.
"""

import http.client
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from profiles.models import Profile, Workspace
from tests.api.conftest import MakeKey

DOCS = Path(__file__).resolve().parents[3] / "docs" / "fyno.md"
AXIOS = {
    "Accept": "application/json, text/plain, */*",
    "Content-Type": "application/json",
    "User-Agent": "axios/1.13.5",
}


class Library:
    """What the class `Fyno` of the library does, by its methods' names."""

    def __init__(self, address: str, wsid: str, api_key: str, version: str = "live") -> None:
        assert 10 <= len(wsid) <= 20
        assert 25 <= len(api_key) <= 60
        self.host = urlsplit(address).netloc
        self.base = f"/v1/{wsid}/{version}/profiles/"
        self.headers = AXIOS | {"Authorization": f"Bearer {api_key}"}

    def request(self, path: str, payload: object = None, method: str = "POST") -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        body = None if payload is None else json.dumps(payload, separators=(",", ":"))
        connection.request(method, self.base + path, body, self.headers)
        answer = connection.getresponse()
        found = answer.status, json.loads(answer.read())
        connection.close()
        return found


def test_the_requests_of_the_node_library(live_api: str, acme: Workspace, make_key: MakeKey) -> None:
    fyno = Library(live_api, "acme------", make_key()[1])
    asha = {"distinct_id": "asha@example.com", "name": "Asha Rao"}
    assert fyno.request("", asha)[0] == 201
    assert fyno.request("asha@example.com", asha, "GET")[1]["name"] == "Asha Rao"
    assert fyno.request("asha@example.com", asha | {"status": 0}, "PUT")[0] == 200
    push = {"channel": {"push": [{"token": "p1", "status": 1}]}}
    assert fyno.request("asha@example.com/channel", push, "PATCH")[0] == 200
    assert fyno.request("asha@example.com/channel", {"channel": {"slack": "C1"}}, "PATCH")[0] == 200
    assert fyno.request("asha@example.com/channel/delete", {"push": ["p1"]})[0] == 200
    assert fyno.request("asha@example.com/channel/delete", {"channel": ["slack"]})[0] == 200
    assert fyno.request("asha@example.com/merge/asha") == (
        200,
        {"status": "ok", "_message": "1 Record(s) updated and 1 Records(s) deleted"},
    )
    profile = Profile.objects.get()
    assert (profile.distinct_id, profile.status, profile.channels) == ("asha", "disabled", {})


def test_additions_at_the_same_time_are_all_counted(
    live_api: str, acme: Workspace, make_key: MakeKey
) -> None:
    fyno = Library(live_api, "acme------", make_key()[1])
    one = {"distinct_id": "U1", "$add": {"visits": 1}}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fyno.request("properties/numerical-add", one), range(24)))
    assert {code for code, _ in answers} == {202}
    assert Profile.objects.get().custom == {"visits": 24}


def test_the_examples_of_the_documentation(live_api: str, acme: Workspace, make_key: MakeKey) -> None:
    """Every curl line of docs/fyno.md as it stands there, and the answer that stands below it."""
    examples = re.findall(r"```sh\n(curl .*?)```\n\n```json\n(.*?)```", DOCS.read_text(), flags=re.DOTALL)
    assert len(examples) >= 8
    environment = {"FYNO": f"{live_api}/v1/acme/live", "KEY": make_key()[1], "PATH": "/usr/bin:/bin"}
    for command, expected in examples:
        shown = subprocess.run(
            ["sh", "-c", f"{command.strip()} --silent --show-error"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
        assert _without_chance(json.loads(shown)) == _without_chance(json.loads(expected)), command


def _without_chance(found: dict[str, Any]) -> dict[str, Any]:
    return found | dict.fromkeys(found.keys() & {"request_id", "profile_id", "created_at", "updated_at"}, "")
