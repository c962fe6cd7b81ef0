"""Every route, read from the URL configuration so that a new one cannot be forgotten, keeps strangers out."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.contrib.admin.sites import AdminSite
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from profiles.models import Profile, Workspace

OPEN_TO_ALL = {"login", "icon"}
SAMPLES = {
    "UUIDConverter": str(UUID(int=1)),
    "SlugConverter": "acme",
    "StringConverter": "x",
    "PathConverter": "x",
    "IntConverter": "1",
}


def routes(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every named route of ours, as (full name, pattern); Django's admin keeps its own door."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield ":".join((*names, entry.name)), entry
        elif entry.app_name != "admin":
            yield from routes(entry, (*names, entry.namespace) if entry.namespace else names)


def is_of_application(name: str) -> bool:
    return dict(routes(get_resolver()))[name].callback.__module__.startswith("profiles.api.")


def converters_of(name: str) -> dict[str, str]:
    """Sample arguments for the route `name`, of the types that its path asks for."""
    resolver = get_resolver()
    *namespaces, last = name.split(":")
    found: dict[str, str] = {}
    for namespace in namespaces:
        _, resolver = resolver.namespace_dict[namespace]
        found |= {key: SAMPLES[type(value).__name__] for key, value in resolver.pattern.converters.items()}
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern) and entry.name == last:
            found |= {key: SAMPLES[type(value).__name__] for key, value in entry.pattern.converters.items()}
    return found


ALL = sorted(dict(routes(get_resolver())))
# Applications come with a key instead of a login: see tests/api/test_keys_of_routes.py.
NAMED = [name for name in ALL if name not in OPEN_TO_ALL and not is_of_application(name)]
SCOPED = [name for name in NAMED if "workspace" in converters_of(name)]


def url_of(name: str, workspace: str = "acme") -> str:
    return reverse(name, kwargs=converters_of(name) | ({"workspace": workspace} if name in SCOPED else {}))


def test_the_walk_finds_the_screens() -> None:
    assert {"home", "profiles:list", "profiles:detail", "properties:list"} <= set(NAMED)
    assert AdminSite  # Django's own admin redirects strangers to its own sign-in page.


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_login_every_route_leads_to_the_sign_in_page(
    client: Client, name: str, method: str
) -> None:
    answer = getattr(client, method)(url_of(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", SCOPED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_of_another_workspace_finds_nothing(
    acme: Workspace, alice: Profile, outsider_client: Client, name: str, method: str
) -> None:
    answer = getattr(outsider_client, method)(url_of(name).replace(str(UUID(int=1)), str(alice.pk)))
    assert answer.status_code in {404, 405}
    assert "Alice" not in answer.content.decode()


@pytest.mark.parametrize("name", SCOPED)
def test_a_profile_of_another_workspace_is_not_found_through_ones_own(
    alice: Profile, outsider_client: Client, name: str
) -> None:
    if str(UUID(int=1)) not in url_of(name):
        return
    answer = outsider_client.get(url_of(name, "globex").replace(str(UUID(int=1)), str(alice.pk)))
    assert answer.status_code in {404, 405}
    assert "Alice" not in answer.content.decode()


@pytest.mark.parametrize("name", SCOPED)
def test_a_workspace_that_does_not_exist_is_not_found(outsider_client: Client, name: str) -> None:
    assert outsider_client.get(url_of(name, "nowhere")).status_code in {404, 405}
