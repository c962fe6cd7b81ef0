"""The list of keys, and who gets to see it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from profiles.models import ApiKey, Operator, Workspace
from profiles.operations.keys import create_key, note_use, revoke_key, rotate_key
from profiles.screens.keys import views

URL = "/w/acme/keys/"
PAGES = ["list", "create", "detail", "edit", "rotate", "end_overlap", "revoke"]


def test_it_tells_what_each_key_may_and_who_made_it(admin_client: Client, made: tuple[ApiKey, str]) -> None:
    key, secret = made
    note_use(key, door="zendesk")
    page = admin_client.get(URL).content.decode()
    for text in (key.key_id, f"…{secret[-4:]}", "Active", "read", "write", "Zendesk Profiles API", "admin"):
        assert text in page
    assert secret not in page


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ({}, ["Active"]),
        ({"expires_at": timedelta(days=15)}, ["Active"]),
        ({"expires_at": timedelta(days=13)}, ["Expires soon"]),
        ({"expires_at": timedelta(seconds=-1)}, ["Expired"]),
        ({"old_until": timedelta(hours=1)}, ["Active", "Old secret still good"]),
        (
            {"old_until": timedelta(hours=1), "expires_at": timedelta(days=1)},
            ["Expires soon", "Old secret still good"],
        ),
        ({"old_until": timedelta(seconds=-1)}, ["Active"]),
        ({"old_until": timedelta(hours=1), "expires_at": timedelta(seconds=-1)}, ["Expired"]),
    ],
)
def test_a_key_has_a_state(
    admin_client: Client, key: ApiKey, changes: dict[str, timedelta], states: list[str]
) -> None:
    rotate_key(key, actor=None, overlap=timedelta(days=1))
    ApiKey.objects.update(old_until=None)
    ApiKey.objects.update(**{name: timezone.now() + after for name, after in changes.items()})
    (row,) = admin_client.get(URL).context["rows"]
    assert [state.text for state in row.states] == states


def test_revoked_keys_have_a_list_of_their_own(admin_client: Client, key: ApiKey) -> None:
    revoke_key(key, actor=None)
    page = admin_client.get(URL)
    assert page.context["rows"] == []
    assert "1 revoked key" in page.content.decode()
    (row,) = admin_client.get(URL, {"revoked": "1"}).context["rows"]
    assert row.key == key
    assert [state.text for state in row.states] == ["Revoked"]


def test_long_lists_are_read_in_pages(
    admin_client: Client, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    for name in "abc":
        create_key(acme, name=name, scopes=["read"], actor=None)
    first = admin_client.get(URL).context
    second = admin_client.get(URL, {"before": first["older"]}).context
    assert [row.key.name for row in (*first["rows"], *second["rows"])] == ["c", "b", "a"]
    assert second["older"] is None
    for odd in ("x", "²", "9" * 30, "-1"):
        assert len(admin_client.get(URL, {"before": odd}).context["rows"]) == 2


def test_the_empty_list_says_what_to_do(admin_client: Client) -> None:
    assert "No keys yet" in admin_client.get(URL).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_keys(
    admin_client: Client, acme: Workspace, admin: Operator, django_assert_max_num_queries: object
) -> None:
    for name in "abcdef":
        create_key(acme, name=name, scopes=["read"], actor=admin)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        admin_client.get(URL)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["viewer_client", "editor_client"])
def test_only_admins_may_see_or_change_keys(
    request: pytest.FixtureRequest, key: ApiKey, name: str, role: str
) -> None:
    client = request.getfixturevalue(role)
    url = reverse(f"keys:{name}", args=["acme"] if name in ("list", "create") else ["acme", key.pk])
    assert client.get(url).status_code == 403
    if name not in ("list", "detail"):
        assert client.post(url).status_code == 403


@pytest.mark.parametrize("name", PAGES[2:])
def test_a_key_of_another_workspace_is_not_found(outsider_client: Client, key: ApiKey, name: str) -> None:
    url = reverse(f"keys:{name}", args=["globex", key.pk])
    assert outsider_client.get(url).status_code == 404
    assert outsider_client.post(url).status_code in (404, 405)


def test_only_admins_are_led_there(admin_client: Client, editor_client: Client, acme: Workspace) -> None:
    assert f'href="{URL}"' in admin_client.get("/w/acme/profiles/").content.decode()
    assert f'href="{URL}"' not in editor_client.get("/w/acme/profiles/").content.decode()
