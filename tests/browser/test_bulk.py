"""Bulk changes in a browser: shown on some, then done; by a list of IDs; on a phone; without JavaScript."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from profiles.models import DeletionReceipt, Job, Operator, Profile, Workspace
from profiles.operations.jobs import run_job
from tests.conftest import Make

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))
LIST = "/w/acme/profiles/"

OpenAs = Callable[[Operator], Page]


@pytest.fixture(autouse=True)
def with_axe(context: BrowserContext) -> None:
    context.add_init_script(path=AXE)


@pytest.fixture
def people(make_profile: Make) -> list[Profile]:
    return [make_profile(f"person-{number:02}", city="Bonn") for number in range(12)]


def objections(page: Page) -> list[str]:
    return [str(each["id"]) for each in page.evaluate("async () => (await axe.run()).violations")]


def choose(page: Page, name: str) -> None:
    page.locator(".select-bar summary", has_text="Change").click()
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#confirm")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_property_is_set_after_it_was_shown_on_some(
    open_as: OpenAs, editor: Operator, people: list[Profile], width: int
) -> None:
    page = open_as(editor)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(LIST)
    page.locator("[data-select-page]").check()
    choose(page, "Set a property")
    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    page.get_by_label("Property", exact=True).select_option(label="City")
    page.get_by_label("Value").fill("Kiel")
    page.get_by_label("Value").blur()
    expect(page.locator(".before-after tbody tr")).to_have_count(10)
    assert objections(page) == []
    page.get_by_role("button", name="Set for 12 profiles").click()
    expect(page.get_by_text("12 profiles changed.")).to_be_visible()
    assert set(Profile.objects.values_list("city", flat=True)) == {"Kiel"}
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Set City to “Kiel”")


def test_what_is_typed_last_is_shown_before_it_is_done(
    open_as: OpenAs, editor: Operator, people: list[Profile]
) -> None:
    page = open_as(editor)
    page.goto(LIST)
    page.locator("[data-select-page]").check()
    choose(page, "Find and replace")
    page.get_by_label("Property", exact=True).select_option(label="City")
    page.get_by_label("Find", exact=True).fill("n")
    page.get_by_label("Replace with").fill("x")
    page.get_by_label("Replace with").press("Enter")
    expect(page.locator(".before-after tbody tr").first).to_contain_text("Boxx")
    assert set(Profile.objects.values_list("city", flat=True)) == {"Bonn"}
    page.get_by_role("button", name="Replace in 12 profiles").click()
    expect(page.get_by_text("12 profiles changed.")).to_be_visible()
    assert set(Profile.objects.values_list("city", flat=True)) == {"Boxx"}


def test_the_focus_goes_to_what_is_wrong_and_back_to_the_menu(
    open_as: OpenAs, editor: Operator, people: list[Profile], page_errors: list[str]
) -> None:
    page = open_as(editor)
    page.set_viewport_size({"width": 1440, "height": 600})
    page.goto(LIST)
    page.locator("[data-select-page]").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_label("Type 12 to confirm").fill("11")
    page.get_by_role("button", name="Delete 12 profiles").click()
    expect(page.get_by_text("Type the number 12 to go on.")).to_be_in_viewport()
    expect(page.get_by_label("Type 12 to confirm")).to_be_focused()
    page_errors.clear()
    page.keyboard.press("Escape")
    choose(page, "Disable")
    page.keyboard.press("Escape")
    expect(page.locator(".select-bar summary", has_text="Change")).to_be_focused()


def test_a_list_of_ids_is_found_and_deleted_and_leaves_a_receipt(
    open_as: OpenAs, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    page = open_as(editor)
    page.goto(LIST)
    page.get_by_role("link", name="Select by IDs").click()
    assert objections(page) == []
    page.get_by_label("Distinct IDs").fill("person-01\nperson-02\nnobody")
    page.get_by_role("button", name="Find them").click()
    expect(page.get_by_role("heading", name="2 profiles of a list")).to_be_visible()
    assert objections(page) == []
    page.get_by_role("link", name="Delete", exact=True).click()
    page.get_by_label("Refuse these distinct IDs from now on").check()
    page.get_by_role("button", name="Delete 2 profiles").click()
    expect(page.get_by_text("2 profiles deleted for good.")).to_be_visible()
    page.goto(f"/w/acme/receipts/{DeletionReceipt.objects.get().pk}/")
    expect(page.get_by_text("Refused from then on")).to_be_visible()
    assert objections(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename.endswith(".json")
    page.goto("/w/acme/receipts/")
    assert objections(page) == []


def test_it_works_without_javascript(
    browser: Browser, open_as: OpenAs, editor: Operator, people: list[Profile]
) -> None:
    signed_in = open_as(editor)
    signed_in.goto(LIST)
    base = signed_in.evaluate("() => location.origin")
    plain = browser.new_context(java_script_enabled=False, base_url=base)
    plain.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(LIST)
    page.locator("[data-select-row]").nth(1).check()
    page.locator(".select-bar summary", has_text="Change").click()
    page.get_by_role("button", name="Clear a property", exact=True).click()
    page.get_by_label("Property", exact=True).select_option(label="City")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Clear for 1 profile").click()
    expect(page.get_by_text("1 profile changed.")).to_be_visible()
    assert Profile.objects.filter(city="").count() == 1
    plain.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_change_is_undone_where_nobody_has_changed_it_since(
    open_as: OpenAs,
    editor: Operator,
    people: list[Profile],
    make_profile: Make,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_as(editor)
    page.emulate_media(color_scheme=scheme)
    page.goto(LIST)
    page.locator("[data-select-page]").check()
    choose(page, "Set a property")
    page.get_by_label("Property", exact=True).select_option(label="City")
    page.get_by_label("Value").fill("Kiel")
    page.get_by_label("Value").blur()
    expect(page.locator(".before-after tbody tr")).to_have_count(10)
    page.get_by_role("button", name="Set for 12 profiles").click()
    page.get_by_role("link", name="Details").click()
    make_profile("person-00", city="Trier")
    page.get_by_role("link", name="Undo").click()
    expect(page.get_by_label("What would become of the profiles")).to_contain_text("11 put back")
    expect(page.get_by_role("region", name="What is left alone, and why")).to_contain_text("1")
    assert objections(page) == []
    page.get_by_role("button", name="Undo the job").click()
    page.wait_for_url("**/jobs/*/")
    run_job(Job.objects.get(kind="undo").pk)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Undo")
    assert objections(page) == []
    assert sorted(Profile.objects.values_list("city", flat=True)) == ["Bonn"] * 11 + ["Trier"]
