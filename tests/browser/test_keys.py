"""A key's secret in the browser: copied once, gone on the way back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page

from profiles.models import ApiKey, Operator
from profiles.operations.keys import find_key


def test_a_secret_is_copied_and_not_there_on_the_way_back(
    open_as: Callable[[Operator], Page], admin: Operator
) -> None:
    page = open_as(admin)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/w/acme/keys/create/")
    page.get_by_label("Name").fill("Shop")
    page.get_by_role("button", name="Create").click()
    secret = page.get_by_label("Secret", exact=True).input_value()
    assert find_key(secret) == ApiKey.objects.get()
    page.get_by_role("button", name="Copy the secret").click()
    page.get_by_text("Copied").wait_for(state="attached")
    assert page.evaluate("() => navigator.clipboard.readText()") == secret
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("heading", name="Shop").wait_for()
    # The browser has not kept it, and asks whether to send the form again.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()


def test_without_tls_it_is_copied_as_well(open_as: Callable[[Operator], Page], admin: Operator) -> None:
    page = open_as(admin)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto("/w/acme/keys/create/")
    name = page.get_by_label("Name")
    name.fill("Shop")
    page.get_by_role("button", name="Create").click()
    secret = page.get_by_label("Secret", exact=True).input_value()
    page.get_by_role("button", name="Copy the secret").click()
    page.get_by_text("Copied").wait_for(state="attached")
    page.goto("/w/acme/keys/create/")
    name.press("Control+v")
    assert name.input_value() == secret


def test_a_rotation_in_the_dialog_leads_to_the_new_secret(
    open_as: Callable[[Operator], Page], admin: Operator
) -> None:
    page = open_as(admin)
    page.goto("/w/acme/keys/create/")
    page.get_by_label("Name").fill("Shop")
    page.get_by_role("button", name="Create").click()
    first = page.get_by_label("Secret", exact=True).input_value()
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("link", name="Rotate").click()
    page.get_by_label("is no good from now on").check()
    page.get_by_role("button", name="Rotate").click()
    second = page.get_by_label("Secret", exact=True).input_value()
    assert find_key(first) is None
    assert find_key(second) == ApiKey.objects.get()
