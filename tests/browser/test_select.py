"""static/js/select.js alone, on a page of its own: which rows a bulk action would get."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parent.parent.parent / "static" / "js" / "select.js"
PAGE = """
<form data-select id="select"><div data-select-state></div><div id="results">{results}</div></form>
<span data-select-count></span>
<button type="button" form="select" data-select-all hidden>All</button>
<button type="button" form="select" data-select-clear>Clear</button>
"""


def results(ids: str, scope: str = "status=active") -> str:
    boxes = "".join(f'<input type="checkbox" name="id" value="{id}" data-select-row>' for id in ids)
    scope = f'<input type="hidden" name="filter" value="{scope}" data-select-scope data-total="9">'
    return f'{scope}<input type="checkbox" data-select-page>{boxes}'


def swap(page: Page, html: str) -> None:
    page.evaluate(
        """html => {
            document.getElementById("results").innerHTML = html;
            document.dispatchEvent(new Event("htmx:afterSettle"));
        }""",
        html,
    )


def posted(page: Page, name: str) -> list[str]:
    get = "name => new FormData(document.getElementById('select')).getAll(name).sort()"
    return list(page.evaluate(get, name))


def row(page: Page, id: str, *, shift: bool = False) -> None:
    page.locator(f"[data-select-row][value={id}]").click(modifiers=["Shift"] if shift else [])


@pytest.fixture
def listing(page: Page) -> Page:
    page.set_content(PAGE.format(results=results("abcd")))
    page.add_script_tag(path=SCRIPT)
    return page


def test_a_ticked_row_is_posted_and_counted(listing: Page) -> None:
    row(listing, "b")
    assert posted(listing, "id") == ["b"]
    assert listing.locator("[data-select-count]").inner_text() == "1 selected"
    row(listing, "b")
    assert posted(listing, "id") == []


@pytest.mark.parametrize(("first", "last"), [("a", "c"), ("c", "a")])
def test_shift_ticks_the_rows_in_between(listing: Page, first: str, last: str) -> None:
    row(listing, first)
    row(listing, last, shift=True)
    assert posted(listing, "id") == ["a", "b", "c"]


def test_the_box_of_the_page_ticks_and_unticks_the_page(listing: Page) -> None:
    page_box = listing.locator("[data-select-page]")
    row(listing, "a")
    assert page_box.evaluate("box => box.indeterminate")
    page_box.click()
    assert posted(listing, "id") == ["a", "b", "c", "d"]
    page_box.click()
    assert posted(listing, "id") == []


def test_ticked_rows_of_other_pages_are_kept(listing: Page) -> None:
    row(listing, "a")
    swap(listing, results("efgh"))
    row(listing, "g")
    assert posted(listing, "id") == ["a", "g"]
    swap(listing, results("abcd"))
    assert listing.locator("[value=a]").is_checked()
    row(listing, "a")
    assert posted(listing, "id") == ["g"]


def test_all_matching_is_offered_once_the_page_is_ticked(listing: Page) -> None:
    row(listing, "a")
    assert not listing.locator("[data-select-all]").is_visible()
    listing.locator("[data-select-page]").click()
    assert listing.locator("[data-select-all]").is_visible()


def test_all_matching_keeps_the_exceptions_through_pages(listing: Page) -> None:
    listing.locator("[data-select-page]").click()
    listing.locator("[data-select-all]").click()
    row(listing, "b")
    swap(listing, results("efgh"))
    assert listing.locator("[data-select-row]:checked").count() == 4
    row(listing, "h")
    assert posted(listing, "all") == ["1"]
    assert posted(listing, "except") == ["b", "h"]
    assert listing.locator("[data-select-count]").inner_text() == "All 9 but 2 selected"
    row(listing, "h")
    assert posted(listing, "except") == ["b"]


def test_another_filter_starts_afresh(listing: Page) -> None:
    listing.locator("[data-select-page]").click()
    listing.locator("[data-select-all]").click()
    swap(listing, results("abef", scope="status=disabled"))
    assert posted(listing, "all") == []
    assert posted(listing, "id") == []


def test_clear_forgets_everything(listing: Page) -> None:
    row(listing, "a")
    swap(listing, results("efgh"))
    listing.locator("[data-select-clear]").click()
    assert posted(listing, "id") == []
    swap(listing, results("abcd"))
    assert posted(listing, "id") == []
