"""Editing, rotating and revoking a key."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from profiles.models import ApiKey, AuditEntry
from profiles.operations.keys import find_key, rotate_key

from .test_create import secret_in


@pytest.fixture
def url(key: ApiKey) -> str:
    return f"/w/acme/keys/{key.pk}/"


def test_an_edit_changes_what_it_says_and_keeps_the_rest(admin_client: Client, key: ApiKey, url: str) -> None:
    until = timezone.now() + timedelta(days=9)
    ApiKey.objects.update(expires_at=until, requests_per_minute=5)
    form = admin_client.get(f"{url}edit/").context["form"]
    assert form["requests_per_minute"].value() == 5
    answer = admin_client.post(f"{url}edit/", {"name": "Till", "scopes": ["delete"], "expiry": "keep"})
    assert answer.headers["Location"] == url
    key.refresh_from_db()
    assert (key.name, key.scopes, key.expires_at) == ("Till", ["delete"], until)
    assert key.requests_per_minute is None
    assert AuditEntry.objects.get(verb="edit_key").actor == "admin"


def test_the_environment_of_a_key_stays(admin_client: Client, key: ApiKey, url: str) -> None:
    admin_client.post(
        f"{url}edit/", {"name": "x", "scopes": ["read"], "expiry": "never", "environment": "test"}
    )
    assert ApiKey.objects.get().environment == "live"


def test_a_wrong_edit_says_so(admin_client: Client, key: ApiKey, url: str) -> None:
    answer = admin_client.post(f"{url}edit/", {"name": "x", "scopes": [], "expiry": "never"})
    assert answer.status_code == 422
    assert ApiKey.objects.get().name == "Shop"


@pytest.mark.parametrize("overlap", ["0", "3600", "86400", "604800", "2592000"])
def test_a_rotation_shows_the_new_secret_once(
    admin_client: Client, made: tuple[ApiKey, str], url: str, overlap: str
) -> None:
    key, old = made
    form: dict[str, Any] = {"present": key.hint, "overlap": overlap}
    answer = admin_client.post(f"{url}rotate/", form)
    assert "no-store" in answer.headers["Cache-Control"]
    new = secret_in(answer.content.decode())
    assert find_key(new) == key
    assert (find_key(old) == key) == (overlap != "0")
    again = admin_client.post(f"{url}rotate/", form, follow=True)
    assert "rotated meanwhile" in again.content.decode()
    assert new not in again.content.decode()
    assert find_key(new) == key


def test_a_rotation_asks_for_an_overlap_that_is_offered(admin_client: Client, key: ApiKey, url: str) -> None:
    answer = admin_client.post(f"{url}rotate/", {"present": key.hint, "overlap": "99999999"})
    assert answer.status_code == 422
    assert ApiKey.objects.get().secret_hash == key.secret_hash


def test_the_overlap_can_be_ended(admin_client: Client, made: tuple[ApiKey, str], url: str) -> None:
    key, old = made
    rotate_key(key, actor=None, overlap=timedelta(days=1))
    assert "The old secret is still good" in admin_client.get(url).content.decode()
    assert admin_client.get(f"{url}end-overlap/").status_code == 200
    assert find_key(old) == key
    assert admin_client.post(f"{url}end-overlap/").headers["Location"] == url
    assert find_key(old) is None


def test_revoking_asks_first_and_holds_at_once(
    admin_client: Client, made: tuple[ApiKey, str], url: str
) -> None:
    _, secret = made
    assert "never used" in admin_client.get(f"{url}revoke/").content.decode()
    assert admin_client.post(f"{url}revoke/").headers["Location"] == "/w/acme/keys/"
    found = find_key(secret)
    assert found
    assert found.is_revoked


@pytest.mark.parametrize("deed", ["edit", "rotate", "end-overlap"])
def test_a_revoked_key_cannot_be_changed(admin_client: Client, key: ApiKey, url: str, deed: str) -> None:
    admin_client.post(f"{url}revoke/")
    form = {"name": "x", "scopes": ["read"], "expiry": "never", "present": key.hint, "overlap": "0"}
    for answer in (
        admin_client.post(f"{url}{deed}/", form, follow=True),
        admin_client.get(f"{url}{deed}/", follow=True),
    ):
        assert answer.redirect_chain[-1][0] == url
        assert "This key is revoked" in answer.content.decode()
    dialog = admin_client.get(f"{url}{deed}/", headers={"HX-Request": "true"})
    assert dialog.headers.get("HX-Redirect") == url


@pytest.mark.parametrize("deed", ["rotate", "end-overlap", "revoke"])
def test_htmx_gets_the_dialog_alone(admin_client: Client, key: ApiKey, url: str, deed: str) -> None:
    page = admin_client.get(f"{url}{deed}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert f'action="{url}{deed}/"' in page
