"""The frame's own behaviours, on a page that every operator has."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Operator

HERE = "/operator/preferences/"


@pytest.fixture
def frame(open_as: Callable[[Operator], Page], admin: Operator) -> Page:
    page = open_as(admin)
    page.goto(HERE)
    return page


def test_the_first_tab_leads_to_the_content(frame: Page) -> None:
    frame.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_a_question_mark_lists_the_shortcuts_and_escape_closes_them(frame: Page) -> None:
    frame.keyboard.press("?")
    shortcuts = frame.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_visible()
    frame.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()


def test_a_question_mark_in_a_field_is_text(frame: Page) -> None:
    frame.get_by_label("First name").press("?")
    expect(frame.get_by_label("First name")).to_have_value("?")
    expect(frame.get_by_role("dialog")).to_be_hidden()


def test_single_key_shortcuts_can_be_turned_off(frame: Page) -> None:
    frame.keyboard.press("?")
    frame.get_by_label("Use single-key shortcuts").uncheck()
    frame.reload()
    frame.keyboard.press("?")
    expect(frame.get_by_role("dialog")).to_be_hidden()
    frame.locator(".sidebar-end summary").click()
    frame.get_by_role("button", name="Keyboard shortcuts").click()
    expect(frame.get_by_label("Use single-key shortcuts")).not_to_be_checked()


def test_the_operator_changes_the_theme_from_the_menu(frame: Page) -> None:
    frame.locator(".sidebar-end summary").click()
    frame.get_by_role("button", name="Dark").click()
    expect(frame.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(frame).to_have_url(HERE)


def test_escape_closes_the_menu_and_returns_to_its_button(frame: Page) -> None:
    button = frame.locator(".sidebar-end summary")
    button.click()
    expect(frame.get_by_role("button", name="Sign out")).to_be_visible()
    frame.keyboard.press("Escape")
    expect(frame.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(button).to_be_focused()


def test_signing_out_is_one_click(frame: Page) -> None:
    frame.locator(".sidebar-end summary").click()
    frame.get_by_role("button", name="Sign out").click()
    expect(frame).to_have_url("/sign-in/")


def test_a_notice_of_success_leaves_by_itself_and_stays_while_it_is_read(frame: Page) -> None:
    frame.get_by_role("button", name="Save").click()
    notice = frame.get_by_text("Your preferences are saved.")
    notice.hover()
    clock = frame.context.new_cdp_session(frame)
    clock.send("Animation.enable")
    clock.send("Animation.setPlaybackRate", {"playbackRate": 20})
    frame.wait_for_timeout(1_000)
    expect(notice).to_be_visible()
    frame.mouse.move(10, 10)
    expect(notice).to_be_hidden()


def test_a_notice_can_be_closed(frame: Page) -> None:
    frame.get_by_role("button", name="Save").click()
    frame.get_by_role("button", name="Close this notice").click()
    expect(frame.get_by_text("Your preferences are saved.")).to_be_hidden()


@pytest.mark.parametrize(
    ("status", "words"),
    [(500, "error 500"), (404, "no longer exists"), (403, "may not"), (0, "cannot be reached")],
)
def test_a_failed_request_says_so(frame: Page, page_errors: list[str], status: int, words: str) -> None:
    frame.route("**/part/", lambda route: route.fulfill(status=status) if status else route.abort())
    ask_for_a_part(frame)
    expect(frame.get_by_role("alert")).to_contain_text(words)
    page_errors.clear()


def test_what_arrives_in_the_dialog_opens_it_and_escape_returns_to_the_button(frame: Page) -> None:
    part = (
        '<h2 class="dialog-title" id="title">Delete 3 profiles?</h2><a href="/" data-dialog-close>Cancel</a>'
    )
    frame.route("**/part/", lambda route: route.fulfill(body=part))
    frame.get_by_role("button", name="Save").focus()
    for close in (lambda: frame.keyboard.press("Escape"), frame.get_by_text("Cancel").click):
        ask_for_a_part(frame, target="#dialog")
        expect(frame.get_by_role("dialog", name="Delete 3 profiles?")).to_be_visible()
        close()
        expect(frame.get_by_role("dialog")).to_be_hidden()
        expect(frame.get_by_role("button", name="Save")).to_be_focused()
    expect(frame).to_have_url(HERE)


def test_when_the_session_has_ended_a_part_leads_to_the_sign_in(frame: Page) -> None:
    frame.context.clear_cookies()
    frame.evaluate("() => void htmx.ajax('GET', location.pathname, '#main')")
    expect(frame).to_have_url(f"/sign-in/?next={HERE}")


def ask_for_a_part(page: Page, target: str = "#main") -> None:
    page.evaluate("target => void htmx.ajax('GET', '/part/', target)", target)
