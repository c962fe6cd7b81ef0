"""Settings of each client for a key, ready to paste. What runs unchanged needs the host and these."""

import json
from dataclasses import dataclass, replace
from typing import Final

from profiles.models import ApiKey, Environment, Scope

PLACEHOLDER: Final = "YOUR_SECRET"
_SHORTEST_WSID: Final = 10
_LONGEST_WSID: Final = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """One setting, under the name that the client has for it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Snippet:
    title: str
    code: str


@dataclass(frozen=True, slots=True)
class Client:
    """`scope` is what the examples need; `docs` is where to read more."""

    name: str
    facts: list[Fact]
    snippets: list[Snippet]
    note: str = ""
    scope: Scope = Scope.READ
    is_missing_scope: bool = False
    docs: str = ""


def clients_for(key: ApiKey, root: str, *, secret: str = PLACEHOLDER) -> list[Client]:
    """`root` is the address of this installation. A placeholder stands for a secret that nobody knows."""
    root = root.rstrip("/")
    slug = key.workspace.slug
    clients = [
        _own(root, secret),
        _clevertap(root, slug, secret),
        _zendesk(root, secret),
        _fyno(root, slug, key.environment, secret),
        _segment(root, secret),
    ]
    return [replace(client, is_missing_scope=not key.has_scope(client.scope)) for client in clients]


def _own(root: str, secret: str) -> Client:
    address = f"{root}/api/v1"
    curl = f"curl {address}/profiles -H 'Authorization: Bearer {secret}'"
    python = f"""\
import requests

profiles = requests.Session()
profiles.headers["Authorization"] = "Bearer {secret}"
answer = profiles.get("{address}/profiles", timeout=10)
answer.raise_for_status()
print(answer.json())"""
    javascript = f"""\
const answer = await fetch("{address}/profiles", {{
  headers: {{ Authorization: "Bearer {secret}" }},
}});
console.log(await answer.json());"""
    return Client(
        "Profiles API",
        [Fact("Address", address), Fact("Bearer token", secret)],
        [Snippet("curl", curl), Snippet("Python", python), Snippet("JavaScript, on a server", javascript)],
        docs=f"{root}/api/docs",
    )


def _clevertap(root: str, slug: str, secret: str) -> Client:
    node = f"""\
const CleverTap = require("clevertap");

const clevertap = CleverTap.init("{slug}", "{secret}", CleverTap.REGIONS.EUROPE);
clevertap.api.apiEndpoint = "{root}/1";"""
    curl = f"""\
curl '{root}/1/profile.json?identity=alice' \\
  -H 'X-CleverTap-Account-Id: {slug}' \\
  -H 'X-CleverTap-Passcode: {secret}'"""
    return Client(
        "CleverTap",
        [
            Fact("Account ID", slug),
            Fact("Passcode", secret),
            Fact("Instead of api.clevertap.com/1", f"{root}/1"),
        ],
        [Snippet("Node.js, package clevertap", node), Snippet("curl", curl)],
    )


def _zendesk(root: str, secret: str) -> Client:
    python = f"""\
from hns_sunshine_api import Sunshine
from requests.adapters import HTTPAdapter

profiles = Sunshine("any", "me@example.com", "{secret}").profiles()
profiles._session.mount("{root}", HTTPAdapter())
profiles._profiles_base_url = "{root}/api/v2/user_profiles"
profiles._users_base_url = "{root}/api/v2/users\""""
    address = f"{root}/api/v2/user_profiles"
    curl = f"""\
curl -G {address} -u 'me@example.com/token:{secret}' \\
  --data-urlencode 'identifier=crm:user:email:alice@example.com'"""
    return Client(
        "Zendesk Profiles",
        [
            Fact("User name", "me@example.com/token"),
            Fact("Password (API token), or Bearer token", secret),
            Fact("Instead of SUBDOMAIN.zendesk.com", root),
        ],
        [Snippet("Python, package hns-sunshine-api", python), Snippet("curl", curl)],
        "Any address before /token will do: the token alone says which workspace it is.",
    )


def _fyno(root: str, slug: str, environment: str, secret: str) -> Client:
    """The Node package takes workspace IDs of 10 to 20 characters: the door takes hyphens behind a slug."""
    wsid = slug.ljust(_SHORTEST_WSID, "-")
    variables = {
        "FYNO_WSID": wsid,
        "FYNO_API_KEY": secret,
        "FYNO_VERSION": environment,
        "FYNO_ENDPOINT": f"{root}/v1/",
    }
    curl = f"curl {root}/v1/{slug}/{environment}/profiles/alice -H 'Authorization: Bearer {secret}'"
    is_test = environment == Environment.TEST
    note = "This key opens the version test alone." if is_test else "It opens the version test, too."
    if len(slug) > _LONGEST_WSID:
        note += f" The Node package takes no workspace ID of more than {_LONGEST_WSID} characters."
    return Client(
        "Fyno",
        [
            Fact("Workspace ID (WSID)", wsid),
            Fact("API key", secret),
            Fact("Version", environment),
            Fact("Instead of api.fyno.io/v1", f"{root}/v1"),
        ],
        [
            Snippet("Node.js, package @fyno/node", "\n".join(f"{k}={v}" for k, v in variables.items())),
            Snippet("curl", curl),
        ],
        note,
    )


def _segment(root: str, secret: str) -> Client:
    settings = json.dumps({"writeKey": secret, "host": root}, indent=2)
    return Client(
        "Segment and RudderStack",
        [Fact("Write key", secret), Fact("Host, or data plane URL", root)],
        [Snippet("Settings", settings)],
        "Events come later: this version answers no calls of these clients yet.",
        Scope.INGEST,
    )
