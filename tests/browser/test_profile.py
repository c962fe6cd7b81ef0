"""One profile in a real browser: create, edit, disagree, copy, delete; with and without JavaScript."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from profiles.models import Operator, Profile, PropertyDefinition, PropertyType, Workspace
from profiles.operations.profiles import update_profile
from profiles.queries.profile import values_of
from tests.conftest import Make

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))

OpenAs = Callable[[Operator], Page]

STORED = {
    "text": "line one\nline two\n\n  indented ",
    "blanks": "    ",
    "number": 0.1,
    "integer": 9007199254740993,
    "boolean": False,
    "date": "1990-05-04",
    "datetime": "2026-01-31T23:30:15.250000+00:00",
    "choice": "gone",
    "text_list": ["red", "  spaced", "two\nlines"],
    "number_list": [3, 1, 2.5],
    "geo": {"lat": 52.52, "lon": 13.405},
    "email": "info@bücher.example",
    "url": "https://example.com/ü?q=1",
}


@pytest.fixture
def page_of_alice(open_as: OpenAs, editor: Operator, alice: Profile) -> Page:
    page = open_as(editor)
    page.goto(url_of(alice))
    return page


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer, editor: Operator) -> Iterator[Page]:
    client = Client()
    client.force_login(editor)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    yield context.new_page()
    context.close()


def url_of(profile: Profile) -> str:
    return f"/w/acme/profiles/{profile.pk}/"


def update(page: Page) -> None:
    page.get_by_role("button", name="Update", exact=True).click()


def now(profile: Profile) -> Profile:
    return Profile.objects.get(pk=profile.pk)


def create_bob(page: Page) -> Profile:
    page.goto("/w/acme/profiles/")
    page.get_by_role("link", name="Create profile").first.click()
    page.get_by_label("Distinct ID").fill("bob")
    page.get_by_label("Test").check()
    page.get_by_label("Tags").fill("vip; new")
    page.get_by_label("Birthday").fill("1990-05-04")
    page.get_by_label("Country").select_option("Germany")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", name="bob", exact=True)).to_be_visible()
    return Profile.objects.get(distinct_id="bob")


def test_create(open_as: OpenAs, editor: Operator) -> None:
    bob = create_bob(open_as(editor))
    assert (bob.environment, bob.tags, str(bob.birthday), bob.country) == (
        "test",
        ["vip", "new"],
        "1990-05-04",
        "DE",
    )


def test_edit(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.get_by_label("City").fill("Oxford")
    update(page_of_alice)
    expect(page_of_alice.get_by_text("Updated City.")).to_be_visible()
    expect(page_of_alice.get_by_label("City")).to_have_value("Oxford")
    assert alice.changes.count() == 2


def test_an_error_keeps_what_was_typed(page_of_alice: Page, alice: Profile, page_errors: list[str]) -> None:
    page_of_alice.get_by_label("E-mail").first.fill("nonsense")
    page_of_alice.get_by_label("City").fill("Oxford")
    update(page_of_alice)
    expect(page_of_alice.get_by_role("alert").first).to_contain_text("E-mail must be an e-mail address")
    expect(page_of_alice.get_by_label("City")).to_have_value("Oxford")
    page_of_alice.get_by_role("alert").first.get_by_role("link", name="E-mail").click()
    expect(page_of_alice.get_by_label("E-mail").first).to_be_focused()
    page_errors.clear()


def test_a_browser_gives_every_untouched_value_back(
    open_as: OpenAs, editor: Operator, acme: Workspace, alice: Profile
) -> None:
    PropertyDefinition.objects.bulk_create(
        PropertyDefinition(
            workspace=acme, key=type, label=type, type=type, choices=["free"] if type == "choice" else []
        )
        for type in PropertyType.values
    )
    PropertyDefinition.objects.create(workspace=acme, key="blanks", label="blanks")
    acme.schema_has_changed()
    Profile.objects.filter(pk=alice.pk).update(custom=STORED, name="two\r\nlines", email=" odd@example.com ")
    page = open_as(editor)
    page.goto(url_of(alice))
    before = values_of(now(alice))
    update(page)
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    assert values_of(now(alice)) == before
    assert alice.changes.count() == 1


def test_two_who_edit_the_same(
    page_of_alice: Page, admin: Operator, alice: Profile, page_errors: list[str]
) -> None:
    update_profile(alice, values={"city": "Berlin", "title": "Dr"}, actor=admin)
    page_of_alice.get_by_label("City").fill("Oxford")
    update(page_of_alice)
    conflict = page_of_alice.get_by_role("group", name="City: which value to keep")
    expect(conflict).to_contain_text("admin changed this")
    expect(conflict).to_contain_text("Berlin")
    expect(
        page_of_alice.get_by_text("Since you opened this page, admin changed City and Title.")
    ).to_be_visible()
    assert now(alice).city == "Berlin"
    conflict.get_by_label("Use mine").check()
    update(page_of_alice)
    expect(page_of_alice.get_by_text("Updated City.")).to_be_visible()
    assert (now(alice).city, now(alice).title) == ("Oxford", "Dr")
    page_errors.clear()


def test_the_distinct_id_is_copied(page_of_alice: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page_of_alice.get_by_role("button", name="Copy the distinct ID").click()
    expect(page_of_alice.get_by_text("Copied")).to_be_attached()
    assert page_of_alice.evaluate("() => navigator.clipboard.readText()") == "alice"


def test_tags_change_in_place_and_what_was_typed_stays(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.get_by_label("City").fill("Oxford")
    page_of_alice.get_by_label("Tags to add").fill("beta; new york")
    page_of_alice.get_by_label("Tags to add").press("Enter")
    tags = page_of_alice.get_by_role("list", name="Tags")
    expect(tags).to_contain_text("new york")
    page_of_alice.get_by_role("button", name="Remove the tag vip").click()
    expect(tags).not_to_contain_text("vip")
    expect(page_of_alice.get_by_label("City")).to_have_value("Oxford")
    assert now(alice).tags == ["beta", "new york"]


def test_disable_and_activate(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.get_by_role("button", name="Disable").click()
    expect(page_of_alice.get_by_role("button", name="Activate")).to_be_visible()
    assert now(alice).is_disabled


def test_tabs_have_addresses(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.get_by_role("link", name="History", exact=True).click()
    expect(page_of_alice).to_have_url(f"{url_of(alice)}history/")
    expect(page_of_alice.get_by_role("heading", name="History")).to_be_visible()
    page_of_alice.go_back()
    expect(page_of_alice.get_by_role("heading", name="User properties")).to_be_visible()


def test_an_origin_leads_to_its_history(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.locator(".property", has_text="Country").get_by_role("link").click()
    expect(page_of_alice).to_have_url(f"{url_of(alice)}history/?property=country")
    expect(page_of_alice.get_by_label("Property", exact=True)).to_have_value("country")


def test_a_new_property_in_a_dialog(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.get_by_role("link", name="New property").click()
    dialog = page_of_alice.get_by_role("dialog", name="New property")
    dialog.get_by_label("Key").fill("seats")
    dialog.get_by_label("Type").select_option("Whole number")
    dialog.get_by_label("Value").fill("5")
    dialog.get_by_role("button", name="Add property").click()
    expect(page_of_alice.get_by_label("seats")).to_have_value("5")


def test_deleting_asks_in_a_dialog(page_of_alice: Page, alice: Profile) -> None:
    page_of_alice.get_by_role("link", name="Delete").click()
    dialog = page_of_alice.get_by_role("dialog")
    expect(dialog).to_contain_text("cannot be recovered")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    page_of_alice.get_by_role("link", name="Delete").click()
    dialog.get_by_label("Reason").fill("asked for it")
    dialog.get_by_role("button", name="Yes, delete").click()
    expect(page_of_alice.get_by_text("Alice Liddell was deleted.")).to_be_visible()
    assert not Profile.objects.exists()


def test_tokens_of_a_channel_are_edited_without_javascript(without_script: Page, alice: Profile) -> None:
    """Those of the other channels keep to themselves."""
    page = without_script
    page.goto(url_of(alice))
    push = page.locator(".property", has_text="Push").filter(has_not_text="Web")
    push.get_by_text("Add a token").click()
    push.get_by_label("New Push token", exact=True).fill("phone\ntablet")
    push.get_by_label("Integration ID of New Push token").fill("IN1")
    update(page)
    page.get_by_label("Push token 1", exact=True).fill("watch")
    push.get_by_role("listitem").nth(1).get_by_text("On").click()
    update(page)
    watch = {"token": "watch", "status": 1, "integration_id": "IN1"}
    tablet = {"token": "tablet", "status": 0, "integration_id": "IN1"}
    assert now(alice).channels == {"push": [watch, tablet]}
    push.get_by_role("listitem").nth(0).get_by_text("Remove").click()
    update(page)
    assert now(alice).channels == {"push": [tablet]}


def test_everything_works_without_javascript(without_script: Page, alice: Profile) -> None:
    page = without_script
    create_bob(page)
    page.goto(url_of(alice))
    page.get_by_label("City").fill("Oxford")
    update(page)
    expect(page.get_by_label("City")).to_have_value("Oxford")
    page.get_by_label("Tags to add").fill("beta")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Remove the tag vip").click()
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("button", name="Activate")).to_be_visible()
    page.get_by_role("link", name="New property").click()
    page.get_by_role("textbox", name="Key").fill("seats")
    page.get_by_role("button", name="Add property").click()
    page.get_by_role("link", name="History", exact=True).click()
    page.get_by_label("Property", exact=True).select_option("City")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Oxford")).to_be_visible()
    assert (now(alice).city, now(alice).tags) == ("Oxford", ["beta"])
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Yes, delete").click()
    assert not Profile.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_overflows(
    theme: str,
    width: int,
    open_as: OpenAs,
    context: BrowserContext,
    editor: Operator,
    viewer: Operator,
    admin: Operator,
    make_profile: Make,
    page_errors: list[str],
) -> None:
    context.add_init_script(path=AXE)
    odd = make_profile(
        "x" * 1_024,
        name="محمد " * 20,
        city="😀" * 60,
        tags=["נציג", "y" * 64],
        custom__note="word " * 500,
        custom__x="y" * 300,
    )
    page = open_as(editor)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for path in ("", "history/", "delete/", "properties/new/"):
        page.goto(url_of(odd) + path)
        check(page)
    page.goto("/w/acme/profiles/new/")
    page.get_by_label("E-mail").first.fill("nonsense")
    page.get_by_role("button", name="Create", exact=True).click()
    check(page)
    page.goto(url_of(odd))
    update_profile(odd, values={"city": "Berlin"}, actor=admin)
    page.get_by_label("City").fill("Oxford")
    update(page)
    expect(page.get_by_role("group", name="City: which value to keep")).to_be_visible()
    check(page)
    read = open_as(viewer)
    read.goto(url_of(odd))
    check(read)
    page_errors.clear()


def check(page: Page) -> None:
    found = page.evaluate("() => axe.run()")["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_leaving_with_something_unsaved_asks_first(page_of_alice: Page, alice: Profile) -> None:
    asked: list[str] = []
    page_of_alice.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page_of_alice.get_by_label("City").fill("Oxford")
    with page_of_alice.expect_event("dialog"):
        page_of_alice.get_by_role("link", name="History", exact=True).click()
    expect(page_of_alice.get_by_label("City")).to_have_value("Oxford")
    with page_of_alice.expect_event("dialog"):
        page_of_alice.get_by_role("button", name="Disable").click(no_wait_after=True)
    assert asked == ["confirm", "beforeunload"]
    update(page_of_alice)
    expect(page_of_alice.get_by_text("Updated City.")).to_be_visible()
