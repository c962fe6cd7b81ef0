"""Jobs in a real browser: the page follows a real worker, and every page tells of the end."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from profiles.models import Door, Job, JobKind, Operator, Workspace
from profiles.operations.jobs import queue_job, run_job
from profiles.operations.selections import select
from tests.conftest import Make
from tests.operations.jobs.workers import Workers, wait_until

OpenAs = Callable[[Operator], Page]
PEOPLE = 40


@pytest.fixture
def workers(transactional_db: None) -> Iterator[Workers]:
    found = Workers()
    yield found
    found.close()


@pytest.fixture
def job(acme: Workspace, editor: Operator, make_profile: Make) -> Job:
    """It waits for a worker to tag everybody, in many small batches."""
    for number in range(PEOPLE):
        make_profile(f"p{number}")
    return queue_job(
        acme,
        kind=JobKind.CHANGE,
        verb="tag",
        actor=editor,
        parameters={"tags": ["vip"], "words": "Add the tag vip", "batch": 1, "door": Door.CONSOLE},
        selection=select(acme, operator=editor, query="", is_everything=True),
        subject="Everybody",
        total=PEOPLE,
    )


def test_the_page_follows_a_worker_to_the_end_by_itself(
    open_as: OpenAs, editor: Operator, job: Job, workers: Workers
) -> None:
    page = open_as(editor)
    page.goto(f"/w/acme/jobs/{job.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Add the tag vip")
    expect(page.locator(".job-facts")).to_contain_text("Waiting")
    page.evaluate("() => { window.isTheSame = true }")
    workers.start()
    expect(page.locator(".job-facts")).to_contain_text("Done", timeout=30_000)
    expect(page.locator("#toasts")).to_contain_text(f"Add the tag vip: done. {PEOPLE} updated.")
    assert page.evaluate("() => window.isTheSame")
    expect(page.locator("[hx-trigger^=every]")).to_have_count(0)
    page.get_by_role("link", name=f"{PEOPLE} updated").click()
    expect(page.get_by_text(f"Updated by job {job.pk} (Everybody)")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(PEOPLE)


def test_the_page_says_that_nobody_works_and_follows_the_next_worker(
    open_as: OpenAs, editor: Operator, job: Job, workers: Workers
) -> None:
    worker = workers.start()
    wait_until(lambda: Job.objects.get(pk=job.pk).done)
    workers.end(worker)
    assert Job.objects.get(pk=job.pk).state == "running"
    Job.objects.update(beat_at=timezone.now() - timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    page = open_as(editor)
    page.goto(f"/w/acme/jobs/{job.pk}/")
    expect(page.locator(".job-facts")).to_contain_text("Waiting for a worker")
    expect(page.get_by_text("The worker is not running")).to_be_visible()
    expect(page.locator("p.job-pace")).to_contain_text("nothing new for 1 min")
    workers.start()
    expect(page.locator(".job-facts")).to_contain_text("Done", timeout=30_000)
    expect(page.get_by_text("The worker is not running")).to_have_count(0)
    expect(page.locator(".job-timeline")).to_contain_text("Taken up again")
    expect(page.get_by_role("link", name=f"{PEOPLE} updated")).to_be_visible()


def test_on_any_other_page_a_notice_tells_of_the_end(open_as: OpenAs, editor: Operator, job: Job) -> None:
    page = open_as(editor)
    page.goto("/w/acme/properties/")
    badge = page.locator("#jobs-news")
    expect(badge).to_contain_text("1 going on")
    run_job(job.pk)
    expect(badge).to_contain_text("1 ended", timeout=15_000)
    notice = page.locator("#toasts .notice")
    expect(notice).to_contain_text("Add the tag vip: done.")
    assert badge.get_attribute("hx-get") is None
    notice.get_by_role("link", name="Open the job").click()
    expect(page.locator(".job-facts")).to_contain_text("Done")
    expect(page.locator("#jobs-news")).to_be_hidden()


def test_looking_again_leaves_the_focus_where_it_is(open_as: OpenAs, editor: Operator, job: Job) -> None:
    page = open_as(editor)
    page.goto(f"/w/acme/jobs/{job.pk}/")
    page.get_by_role("button", name="Pause").focus()
    for _ in range(2):
        with page.expect_response(lambda answer: answer.url.endswith(f"/jobs/{job.pk}/")):
            pass
    expect(page.get_by_role("button", name="Pause")).to_be_focused()


def test_it_is_paused_resumed_and_cancelled_from_its_page(
    open_as: OpenAs, editor: Operator, job: Job
) -> None:
    page = open_as(editor)
    page.goto(f"/w/acme/jobs/{job.pk}/")
    state = page.locator(".job-facts")
    page.get_by_role("button", name="Pause").click()
    expect(state).to_contain_text("Paused")
    page.get_by_role("button", name="Resume").click()
    expect(state).to_contain_text("Waiting")
    page.get_by_role("link", name="Cancel").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("It has not done anything yet, and will not.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Cancel").press("Enter")
    dialog.get_by_role("button", name="Cancel the job").click()
    expect(state).to_contain_text("Cancelled")
    assert Job.objects.get(pk=job.pk).state == "cancelled"


def test_the_keys_go_through_the_list_and_its_filter_needs_no_button(
    open_as: OpenAs, editor: Operator, job: Job
) -> None:
    page = open_as(editor)
    page.goto("/w/acme/jobs/")
    page.get_by_role("combobox", name="Kind").select_option("import")
    expect(page.get_by_text("No job is like that")).to_be_visible()
    expect(page).to_have_url(re.compile("kind=import"))
    page.goto("/w/acme/jobs/")
    page.keyboard.press("j")
    row = page.locator(f"#job-{job.pk}")
    expect(row).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("/jobs/")):
        pass
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/jobs/{job.pk}/$"))
