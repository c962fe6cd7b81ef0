"""The page of a key: its facts, and settings that are ready to paste."""

import re
from html import unescape

from django.test import Client

from profiles.models import ApiKey


def test_it_has_the_settings_of_every_client_and_no_secret(
    admin_client: Client, made: tuple[ApiKey, str]
) -> None:
    key, secret = made
    page = unescape(admin_client.get(f"/w/acme/keys/{key.pk}/").content.decode())
    for text in (
        "Authorization: Bearer YOUR_SECRET",
        'CleverTap.init("acme", "YOUR_SECRET", CleverTap.REGIONS.EUROPE)',
        "X-CleverTap-Account-Id: acme",
        "me@example.com/token:YOUR_SECRET",
        "http://testserver/v1/acme/live/profiles/alice",
        "FYNO_WSID=acme------\n",
        '"writeKey": "YOUR_SECRET"',
    ):
        assert text in page
    assert secret not in page
    assert page.count("data-copy=") >= 15


def test_it_leads_to_the_documentation_and_says_how_limits_count(admin_client: Client, key: ApiKey) -> None:
    page = admin_client.get(f"/w/acme/keys/{key.pk}/").content.decode()
    assert '<a href="http://testserver/api/docs">' in page
    assert "for each key and each API by itself" in page


def test_a_missing_scope_is_named_beside_the_client_that_needs_it(admin_client: Client, key: ApiKey) -> None:
    page = admin_client.get(f"/w/acme/keys/{key.pk}/").content.decode()
    assert re.findall(r"lacks the scope “(\w+)”", page) == ["ingest"]


def test_the_address_of_a_test_key_says_test(admin_client: Client, key: ApiKey) -> None:
    ApiKey.objects.update(environment="test")
    assert "/v1/acme/test" in admin_client.get(f"/w/acme/keys/{key.pk}/").content.decode()


def test_a_revoked_key_has_nothing_to_change_or_paste(admin_client: Client, key: ApiKey) -> None:
    admin_client.post(f"/w/acme/keys/{key.pk}/revoke/")
    page = admin_client.get(f"/w/acme/keys/{key.pk}/").content.decode()
    assert "Settings to paste" not in page
    assert "/edit/" not in page
