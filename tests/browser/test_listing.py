"""The listing as people use it: with the mouse, with the keyboard alone, and without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from profiles.models import Operator, Profile
from tests.conftest import Make

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))
LIST = "/w/acme/profiles/"
NUMBER = 28


@pytest.fixture
def people(make_profile: Make) -> list[Profile]:
    return [
        make_profile(f"person-{number:02}", name=f"Person {number:02}", country="DE", city="Köln")
        for number in range(NUMBER)
    ]


@pytest.fixture
def page(open_as: Callable[[Operator], Page], editor: Operator, people: list[Profile]) -> Page:
    opened = open_as(editor)
    opened.goto(f"{LIST}?sort=distinct_id&size=25")
    return opened


@pytest.fixture
def bare_page(browser: Browser, live_server: LiveServer, editor: Operator, people: list[Profile]) -> Page:
    """Without JavaScript."""
    client = Client()
    client.force_login(editor)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return context.new_page()


def tick(page: Page, number: int, *, shift: bool = False) -> None:
    box = page.get_by_role("checkbox", name=f"Tick Person {number:02}", exact=True)
    box.click(modifiers=["Shift"] if shift else [])


def remaining() -> int:
    return Profile.objects.count()


def test_ticking_a_row_makes_delete_appear(page: Page) -> None:
    delete = page.get_by_role("button", name="Delete", exact=True)
    expect(delete).to_be_hidden()
    create = page.get_by_role("link", name="Create profile")
    expect(create).to_be_visible()
    tick(page, 3)
    expect(delete).to_be_visible()
    expect(create).to_be_hidden()
    tick(page, 3)
    expect(delete).to_be_hidden()


def test_the_whole_cell_ticks_its_row(page: Page) -> None:
    page.locator("tbody .cell-tick").nth(3).click(position={"x": 3, "y": 3})
    page.locator("tbody .cell-tick").nth(6).click(position={"x": 36, "y": 30}, modifiers=["Shift"])
    expect(page.locator("[data-select-count]")).to_have_text("4 selected")


def test_what_is_clicked_in_a_row_is_large_enough(page: Page) -> None:
    for part, width, height in ((".cell-tick label", 40, 36), (".cell-actions .btn", 32, 32)):
        box = page.locator(f"tbody tr:first-child {part}").first.bounding_box()
        assert box
        assert box["width"] >= width
        assert box["height"] >= height
    row = page.locator("tbody tr").first.bounding_box()
    assert row
    assert row["height"] <= 40


@pytest.mark.parametrize(
    "name", ["Maximiliane Freifrau von und zu Hohenlohe-Langenburg", "אברהם יצחק יעקב " * 3]
)
def test_a_long_name_is_clipped_at_its_end(
    open_as: Callable[[Operator], Page], editor: Operator, make_profile: Make, name: str
) -> None:
    make_profile("long", name=name)
    opened = open_as(editor)
    opened.goto(LIST)
    cell = opened.locator("tbody td", has=opened.get_by_text(name.strip()))
    first, last, whole = cell.evaluate(
        """cell => {
            const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
            const place = (from, to) => {
                const range = document.createRange();
                range.setStart(text, from);
                range.setEnd(text, to);
                return range.getBoundingClientRect();
            };
            return [place(0, 1), place(text.length - 1, text.length), cell.getBoundingClientRect()];
        }"""
    )
    assert whole["left"] <= first["left"] <= first["right"] <= whole["right"]
    assert not whole["left"] <= last["left"] <= last["right"] <= whole["right"]


def test_tags_without_room_are_shortened_not_cut_through(
    open_as: Callable[[Operator], Page], editor: Operator, make_profile: Make
) -> None:
    make_profile("tagged", name="Tagged", tags=["early-adopter", "newsletter", "support-heavy"])
    opened = open_as(editor)
    opened.goto(LIST)
    chips = opened.locator("tbody .chips")
    cell, last = chips.locator("xpath=..").bounding_box(), chips.locator(".chip").last.bounding_box()
    assert cell
    assert last
    assert last["x"] + last["width"] <= cell["x"] + cell["width"]


def test_notices_do_not_cover_the_pages(page: Page) -> None:
    tick(page, 1)
    page.locator(".select-bar summary").click()
    page.get_by_role("button", name="Disable", exact=True).click()
    page.get_by_role("button", name="Disable 1 profile").click()
    expect(page.get_by_text("1 profile disabled.")).to_be_visible()
    page.get_by_role("link", name="Next page").click(timeout=3_000)
    expect(page.locator("tbody tr")).to_have_count(NUMBER - 25)


def test_shift_click_and_the_dialog_delete_exactly_those(page: Page) -> None:
    tick(page, 2)
    tick(page, 5, shift=True)
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name="Delete 4 profiles?")
    expect(dialog).to_contain_text("cannot be recovered")
    dialog.get_by_role("button", name="Delete 4 profiles").click()
    expect(page.get_by_text("4 profiles deleted for good.")).to_be_visible()
    assert page.url.endswith(f"{LIST}?sort=distinct_id&size=25")
    gone = {f"person-{number:02}" for number in range(2, 6)}
    assert not gone & set(Profile.objects.values_list("distinct_id", flat=True))
    assert remaining() == NUMBER - 4


def test_a_row_is_deleted_in_a_dialog_and_the_filter_stays(page: Page) -> None:
    page.get_by_role("link", name="Delete Person 04").click()
    dialog = page.get_by_role("dialog", name="Delete Person 04?")
    dialog.get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_text("Person 04 was deleted.")).to_be_visible()
    assert page.url.endswith(f"{LIST}?sort=distinct_id&size=25")
    assert remaining() == NUMBER - 1


def test_a_filter_that_cannot_be_applied_is_corrected_in_place(page: Page) -> None:
    page.goto(f"{LIST}?r1f=birthday&r1o=is&r1v=soon")
    page.get_by_role("link", name="Correct the filter").click()
    expect(page.locator("#filters .rule-error")).to_contain_text("“soon” is not a date")
    page.get_by_label("Operator of rule 1").select_option(label="is empty")
    page.get_by_role("button", name="Show profiles").last.click()
    expect(page.locator("tbody tr")).to_have_count(NUMBER)


def test_all_matching_but_exceptions_across_pages(page: Page) -> None:
    page.get_by_role("checkbox", name="Tick all on this page").click()
    page.get_by_role("button", name="Select all 28 matching").click()
    tick(page, 1)
    page.get_by_role("link", name="Next page").click()
    tick(page, 27)
    expect(page.locator("[data-select-count]")).to_contain_text("All 28 but 2 selected")
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog", name="Delete 26 profiles?")
    dialog.get_by_label("Type 26 to confirm").fill("26")
    dialog.get_by_role("button", name="Delete 26 profiles").click()
    expect(page.get_by_text("26 profiles deleted for good.")).to_be_visible()
    assert sorted(Profile.objects.values_list("distinct_id", flat=True)) == ["person-01", "person-27"]


def test_a_wrong_number_deletes_nothing_and_asks_again(page: Page, page_errors: list[str]) -> None:
    page.get_by_role("checkbox", name="Tick all on this page").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_label("Type 25 to confirm").fill("24")
    page.get_by_role("button", name="Delete 25 profiles").click()
    expect(page.get_by_role("dialog").get_by_text("Type the number 25 to go on.")).to_be_visible()
    assert remaining() == NUMBER
    page_errors.clear()  # The browser reports the answer 422.


def test_tagging_suggests_and_comes_back(page: Page) -> None:
    tick(page, 0)
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tags").fill("vip; new")
    page.get_by_role("button", name="Tag 1 profile").click()
    expect(page.get_by_text("1 profile tagged.")).to_be_visible()
    expect(page.locator("tbody .chip").get_by_text("vip")).to_be_visible()


def test_the_search_narrows_while_typing_and_is_in_the_address(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("son 07")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "q=son%2007" in page.url
    assert "sort=distinct_id" in page.url
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Remove the filter Search: son 07").click()
    expect(page.locator("tbody tr")).to_have_count(25)


def test_rows_by_keyboard(page: Page) -> None:
    for key in ("j", "j", "x", "k", "x"):
        page.keyboard.press(key)
    expect(page.locator("tbody input:checked")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Person 00")).to_be_visible()


def test_pages_and_order_swap_the_results_only(page: Page) -> None:
    page.evaluate("document.body.dataset.kept = '1'")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(25)
    assert "sort=name" in page.url
    expect(page.locator("body")).to_have_attribute("data-kept", "1")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_filter_is_built_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("link", name="Filters").press("Enter")
    page.get_by_label("Property of rule 1").select_option(label="City")
    page.get_by_label("Operator of rule 1").select_option(label="contains")
    value = page.get_by_label("Value of rule 1", exact=False)
    value.fill("KÖL")
    page.locator("#add-1").press("Enter")
    page.get_by_label("Property of rule 2").select_option(label="Name")
    page.get_by_label("Operator of rule 2").select_option(label="ends with")
    page.get_by_label("value of rule 2").fill("07")
    expect(page.get_by_label("value of rule 1")).to_have_value("KÖL")
    page.get_by_label("value of rule 2").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_text("City contains KÖL")).to_be_visible()


def test_a_late_answer_of_the_filter_panel_does_not_undo_a_newer_step(page: Page) -> None:
    page.get_by_role("link", name="Filters").click()
    page.get_by_label("Property of rule 1").select_option(label="City")
    expect(page.get_by_label("Operator of rule 1")).to_be_visible()
    page.route("**/filters/?*do=refresh*", lambda route: None)  # It stays on its way.
    page.get_by_label("Operator of rule 1").select_option(label="contains")
    with page.expect_event("requestfailed"):
        page.locator("#add-1").press("Enter")
    expect(page.get_by_label("Property of rule 2")).to_be_visible()
    expect(page.get_by_label("Operator of rule 1")).to_have_value("contains")


def test_columns_are_added_moved_and_removed(page: Page) -> None:
    page.get_by_role("link", name="Columns").click()
    dialog = page.get_by_role("dialog", name="Columns")
    dialog.get_by_label("Column to add").select_option(label="City")
    dialog.get_by_role("button", name="Add", exact=True).click()
    dialog.get_by_role("button", name="Move City up").click()
    expect(dialog.get_by_role("button", name="Move City up")).to_be_focused()
    dialog.get_by_role("button", name="Remove Phone").click()
    expect(dialog.get_by_role("listitem").filter(has_text="Phone")).to_have_count(0)
    dialog.get_by_role("link", name="Done").click()
    headings = page.locator("thead th")
    expect(headings.get_by_text("City")).to_be_visible()
    expect(headings.get_by_text("Phone")).to_have_count(0)


def test_without_javascript_everything_works(bare_page: Page) -> None:
    page = bare_page
    page.goto(f"{LIST}?sort=distinct_id&size=25")
    tick(page, 3)
    tick(page, 4)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="Delete 2 profiles?")).to_be_visible()
    page.get_by_role("button", name="Delete 2 profiles").click()
    expect(page.get_by_text("2 profiles deleted for good.")).to_be_visible()
    page.get_by_label("Select all 26 matching").check()
    page.locator(".select-bar summary").click()
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("button", name="Disable 26 profiles").click()
    expect(page.get_by_text("26 profiles disabled.")).to_be_visible()
    page.get_by_role("searchbox").fill("son 07")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_without_javascript_a_filter_is_built_in_steps(bare_page: Page) -> None:
    page = bare_page
    page.goto(LIST)
    page.get_by_role("link", name="Filters").click()
    page.get_by_label("Property of rule 1").select_option(label="City")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Operator of rule 1").select_option(label="is one of")
    page.get_by_role("button", name="Update fields").click()
    page.get_by_label("Values of rule 1").fill("Köln\nBonn")
    page.get_by_role("button", name="Add rule").click()
    expect(page.get_by_label("Values of rule 1")).to_have_value("Köln\nBonn\n")
    page.get_by_role("button", name="Remove rule 2").click()
    page.get_by_role("button", name="Show profiles").last.click()
    expect(page.get_by_text("City is one of Köln, Bonn")).to_be_visible()
    expect(page.get_by_text(f"{NUMBER} profiles")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(context: BrowserContext, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    tick(page, 1)
    page.get_by_role("link", name="Filters").click()
    page.get_by_label("Property of rule 1").select_option(label="City")
    page.get_by_label("Operator of rule 1").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_text("cannot be recovered").wait_for()
    assert violations(page) == []
    for path in (f"{LIST}?contry=x", f"{LIST}?q=nobody&country=DE", f"{LIST}columns/", f"{LIST}filters/"):
        page.goto(path)
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run()")["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
