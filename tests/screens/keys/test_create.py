"""Creating a key: its secret is in the answer to the form, and nowhere after that."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from profiles.models import ApiKey, AuditEntry, Operator, Workspace
from profiles.operations.keys import find_key

URL = "/w/acme/keys/create/"
GIVEN = {"name": "Shop", "scopes": ["read", "write"], "environment": "live", "expiry": "never"}


def secret_in(page: str) -> str:
    found = re.search(r'id="secret" value="(prf_[a-z0-9]{12}_[0-9a-f]{40})" readonly', page)
    assert found, page
    return found[1]


def form_of(client: Client) -> dict[str, Any]:
    return GIVEN | {"key_id": client.get(URL).context["form"]["key_id"].value()}


def test_the_answer_has_the_secret_in_a_field_that_can_be_selected(admin_client: Client) -> None:
    answer = admin_client.post(URL, form_of(admin_client))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    secret = secret_in(answer.content.decode())
    key = find_key(secret)
    assert key
    assert (key.name, key.scopes, key.environment) == ("Shop", ["read", "write"], "live")
    assert key.operator
    assert AuditEntry.objects.get(verb="create_key").operator == key.operator


def test_the_secret_is_shown_never_again(admin_client: Client) -> None:
    form = form_of(admin_client)
    secret = secret_in(admin_client.post(URL, form).content.decode())
    again = admin_client.post(URL, form)
    key = ApiKey.objects.get()
    assert again.headers["Location"] == f"/w/acme/keys/{key.pk}/"
    pages = [again, *(admin_client.get(url) for url in (again.headers["Location"], "/w/acme/keys/", URL))]
    assert "shown once" in pages[1].content.decode()
    assert not any(secret in page.content.decode() for page in pages)
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())


def test_the_settings_beside_it_have_the_secret_in_them(admin_client: Client) -> None:
    page = admin_client.post(URL, form_of(admin_client)).content.decode()
    secret = secret_in(page)
    assert f"CleverTap.init(&quot;acme&quot;, &quot;{secret}&quot;" in page
    assert f"Authorization: Bearer {secret}" in page


@pytest.mark.parametrize(("expiry", "days"), [("never", None), ("30", 30), ("90", 90), ("365", 365)])
def test_it_is_good_as_long_as_chosen(admin_client: Client, expiry: str, days: int | None) -> None:
    admin_client.post(URL, GIVEN | {"expiry": expiry})
    key = ApiKey.objects.get()
    if days is None:
        assert key.expires_at is None
    else:
        assert key.expires_at
        assert abs(key.expires_at - timezone.now() - timedelta(days=days)) < timedelta(minutes=5)


def test_the_last_day_ends_in_the_zone_of_the_operator(admin_client: Client, admin: Operator) -> None:
    admin.timezone = "Pacific/Auckland"
    admin.save()
    admin_client.post(URL, GIVEN | {"expiry": "date", "expires_on": "2093-05-04"})
    midnight = datetime(2093, 5, 5, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert ApiKey.objects.get().expires_at == midnight


def test_environment_and_limits_are_as_given(admin_client: Client) -> None:
    limits = {"requests_per_minute": "60", "concurrent_requests": "0"}
    admin_client.post(URL, GIVEN | limits | {"environment": "test"})
    key = ApiKey.objects.get()
    assert (key.environment, key.requests_per_minute, key.concurrent_requests) == ("test", 60, 0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "a\u202eb"}, "printable"),
        ({"scopes": []}, "Tick at least one."),
        ({"scopes": ["read", "root"]}, "Select a valid choice."),
        ({"environment": "moon"}, "Select a valid choice."),
        ({"expiry": "keep"}, "Select a valid choice."),
        ({"expiry": "date"}, "Give the day"),
        ({"expiry": "date", "expires_on": "soon"}, "Enter a valid date."),
        ({"expiry": "date", "expires_on": "2020-01-01"}, "today or later"),
        ({"expiry": "date", "expires_on": "9999-12-31"}, "within a hundred years"),
        ({"requests_per_minute": "-1"}, "greater than or equal to 0"),
        ({"concurrent_requests": "9" * 30}, "less than or equal to 1000"),
        ({"key_id": "../../etc"}, "open it anew"),
    ],
)
def test_errors_stand_on_top_and_what_was_typed_stays(
    admin_client: Client, given: dict[str, Any], sentence: str
) -> None:
    answer = admin_client.post(URL, GIVEN | {"name": "Typed before"} | given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "data-error-summary" in page
    assert "name" in given or "Typed before" in page
    assert not ApiKey.objects.exists()


def test_the_id_of_a_key_of_another_workspace_is_refused_without_naming_it(
    admin_client: Client, outsider_client: Client, acme: Workspace
) -> None:
    form = form_of(admin_client) | {"name": "Acme's till"}
    admin_client.post(URL, form)
    answer = outsider_client.post("/w/globex/keys/create/", form | {"name": "x"})
    assert answer.status_code == 422
    assert "till" not in answer.content.decode()
    assert ApiKey.objects.get().workspace == acme
