"""Two profiles become one in a real browser, and two again; with and without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from profiles.models import Operator, Profile
from tests.conftest import Make

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))

OpenAs = Callable[[Operator], Page]


@pytest.fixture
def leila(make_profile: Make) -> Profile:
    """The same person as alice, by her e-mail; with a name that is written from right to left."""
    return make_profile(
        "leila",
        name="ليلى",
        email="alice@example.com",
        city="Oxford",
        tags=["new"],
        custom__plan="free",
    )


def assert_it_is_sound(page: Page) -> None:
    """Axe finds nothing, and on a phone nothing runs out of the page."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run()")["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_find_compare_merge_and_take_back(
    open_as: OpenAs, editor: Operator, alice: Profile, leila: Profile
) -> None:
    page = open_as(editor)
    page.goto(f"/w/acme/profiles/{alice.pk}/")
    page.get_by_role("link", name="Merge").click()
    expect(page.get_by_role("heading", name="Likely the same person")).to_be_visible()
    assert_it_is_sound(page)
    page.get_by_label("Find a live profile").fill("leil")
    expect(page.get_by_role("heading", name="Found: 1")).to_be_visible()
    page.get_by_role("link", name="ليلى").press("Enter")
    expect(page.get_by_role("heading", name="Merge two profiles")).to_be_visible()
    assert_it_is_sound(page)

    plan = page.get_by_role("group", name="plan")
    expect(plan.get_by_role("radio").first).to_be_checked()
    plan.get_by_role("radio").first.press("ArrowRight")
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("leads to this profile now")).to_be_visible()
    alice.refresh_from_db()
    assert (alice.custom, alice.city, alice.tags) == ({"plan": "free"}, "Oxford", ["vip", "new"])

    page.get_by_role("link", name="It can be taken back").click()
    expect(page.get_by_text("which was merged into this profile later")).to_be_visible()
    assert_it_is_sound(page)
    page.get_by_role("link", name="Un-merge").click()
    expect(page.get_by_role("dialog")).to_contain_text("Take this merge back?")
    page.get_by_role("button", name="Yes, un-merge").click()
    expect(page.get_by_text("is a profile of its own again")).to_be_visible()
    alice.refresh_from_db()
    assert (alice.custom, alice.city, alice.tags) == ({"plan": "pro"}, "", ["vip"])
    assert Profile.objects.filter(pk=leila.pk).exists()


def test_without_javascript(
    browser: Browser, live_server: LiveServer, editor: Operator, alice: Profile, leila: Profile
) -> None:
    client = Client()
    client.force_login(editor)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"/w/acme/merging/{leila.pk}/?q=alice")
    page.get_by_role("link", name="Alice Liddell").click()
    page.get_by_role("link", name="Switch").click()
    page.get_by_role("button", name="Merge").click()
    expect(page).to_have_url(f"{live_server.url}/w/acme/profiles/{alice.pk}/")
    page.goto(f"/w/acme/profiles/{leila.pk}/history/")
    page.get_by_role("link", name="Un-merge").click()
    page.get_by_role("button", name="Yes, un-merge").click()
    expect(page.get_by_text("is a profile of its own again")).to_be_visible()
    context.close()
