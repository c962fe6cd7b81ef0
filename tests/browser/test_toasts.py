"""Notices: they cover nothing that the page offers, are said and reached, and leave."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from profiles.exports import Wanted
from profiles.models import FileRole, Job, Operator, StoredFile, Workspace
from tests.conftest import Make

OpenAs = Callable[[Operator], Page]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def job(acme: Workspace, editor: Operator, make_profile: Make, tmp_path: Path, settings: Any) -> Job:
    """An export that has ended; and there are enough people to fill a page."""
    for number in range(30):
        make_profile(f"p{number}")
    now = timezone.now()
    file = StoredFile.objects.create(
        workspace=acme, role=FileRole.EXPORT, name="acme.csv", size=1, expires_at=now + timedelta(days=1)
    )
    settings.FILES_DIR = str(tmp_path)
    file.path.parent.mkdir()
    file.path.write_text("x")
    facts: dict[str, Any] = {"parameters": Wanted("csv", ["email"]).as_json()}
    facts |= {"state": "done", "total": 0, "queued_at": now, "finished_at": now}
    return Job.objects.create(workspace=acme, operator=editor, kind="export", file=file, **facts)


def with_notice(page: Page, job: Job, path: str) -> None:
    """Go there with a notice of an error, which stays until it is closed: an ended job was to be paused."""
    page.goto("/w/acme/properties/")
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    page.request.post(
        f"/w/acme/jobs/{job.pk}/pause/",
        headers={"X-CSRFToken": token},
        max_redirects=0,
        fail_on_status_code=False,
    )
    page.goto(path)
    expect(page.locator("#toasts .notice")).to_contain_text("This job has ended (done)")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_they_cover_no_button_of_the_page(open_as: OpenAs, editor: Operator, job: Job, size: Any) -> None:
    page = open_as(editor)
    page.set_viewport_size(size)
    for path in ("/w/acme/profiles/", f"/w/acme/jobs/{job.pk}/", "/w/acme/jobs/", "/w/acme/profiles/new/"):
        with_notice(page, job, path)
        offered = page.locator(
            "main :is(.page-header-actions, .pages) :is(a, button):visible, main .btn-primary:visible"
        )
        assert offered.count()
        for button in offered.all():
            button.click(trial=True, timeout=2_000)


def test_they_stay_above_the_bar_of_ticked_rows(open_as: OpenAs, editor: Operator, job: Job) -> None:
    page = open_as(editor)
    page.set_viewport_size(NARROW)
    with_notice(page, job, "/w/acme/profiles/")
    page.get_by_role("checkbox").nth(1).check()
    for button in page.locator("[data-select-bar] > .btn:visible").all():
        button.click(trial=True, timeout=2_000)


def test_they_are_a_status_reached_first_and_closed_by_their_button_or_escape(
    open_as: OpenAs, editor: Operator, job: Job
) -> None:
    page = open_as(editor)
    with_notice(page, job, "/w/acme/properties/")
    notice = page.get_by_role("status", name="Notices").locator(".notice")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(notice.get_by_role("button", name="Close this notice")).to_be_focused()
    page.keyboard.press("Enter")
    expect(notice).to_have_count(0)
    with_notice(page, job, "/w/acme/jobs/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    expect(notice).to_be_visible()
    page.keyboard.press("Escape")
    expect(notice).to_have_count(0)


def test_good_news_leave_by_themselves_also_where_motion_is_reduced(
    open_as: OpenAs, editor: Operator, job: Job
) -> None:
    page = open_as(editor)
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    with_notice(page, job, "/w/acme/jobs/")
    notice = page.locator("#toasts .notice")
    notice.evaluate("it => it.classList.replace('notice-error', 'notice-success')")
    notice.evaluate("it => it.getAnimations().forEach(each => each.finish())")
    expect(notice).to_have_count(0)
