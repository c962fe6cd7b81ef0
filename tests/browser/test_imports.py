"""The four steps of an import as people take them: with JavaScript and without, at every width and theme."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from profiles.models import ImportDraft, Job, Operator, Profile
from profiles.operations.jobs import run_job

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))
NEW = "/w/acme/imports/new/"
PEOPLE = (
    "Customer no;E-Mail;First name;Birthday;Revenue;Interests;Notes\n"
    "alice;alice@new.example;Alice;31.01.1990;1.234,50;Cooking,Travel;“quoted”\n"
    "bob;bob@example.com;Bob;28.02.1985;99,00;;\n"
    "carol;not an address;Carol;30.12.1999;7,00;Music;😀 مرحبا\n"
)

OpenAs = Callable[[Operator], Page]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = str(tmp_path / "files")
    return tmp_path


@pytest.fixture
def people(files: Path) -> Path:
    path = files / "people.csv"
    path.write_text(PEOPLE)
    return path


@pytest.fixture
def bare_page(browser: Browser, live_server: LiveServer, editor: Operator) -> Page:
    """Without JavaScript."""
    client = Client()
    client.force_login(editor)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return context.new_page()


def upload(page: Page, path: Path) -> None:
    page.goto(NEW)
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/mapping/")


def work(draft: ImportDraft) -> None:
    """What a worker would do."""
    draft.refresh_from_db()
    job = draft.job_id or draft.preview_id
    assert job
    run_job(job)


def test_from_a_file_to_profiles(open_as: OpenAs, editor: Operator, alice: Profile, people: Path) -> None:
    page = open_as(editor)
    upload(page, people)
    draft = ImportDraft.objects.get()
    expect(page.get_by_label("Customer no")).to_have_value("distinct_id")
    expect(page.locator("#sample")).to_contain_text("31 January 1990")
    expect(page.locator("#sample .sample-bad")).to_have_count(1)
    page.get_by_label("Interests").select_option("tags")
    page.get_by_label("Between the elements").locator("visible=true").select_option(",")
    expect(page.locator("#sample .chip")).to_have_count(3)
    page.get_by_label("Notes").select_option(label="Do not import")
    expect(page.locator("#summary")).to_contain_text("6 of 7 columns imported")
    page.get_by_role("button", name="Continue to the preview").click()
    expect(page.get_by_text("The whole file is read")).to_be_visible()
    work(draft)
    expect(page.get_by_text("1 created · 1 updated · 0 unchanged · 1 refused")).to_be_visible(timeout=10_000)
    expect(page.locator("#preview")).to_contain_text("alice@new.example")
    page.get_by_role("button", name="Run the import").click()
    page.wait_for_url("**/jobs/*/")
    work(draft)
    expect(page.locator("#job")).to_contain_text("some refused", timeout=10_000)
    alice.refresh_from_db()
    assert (alice.email, alice.tags) == ("alice@new.example", ["Cooking", "Travel"])
    assert alice.custom["revenue"] == 1234.5
    assert sorted(Profile.objects.values_list("distinct_id", flat=True)) == ["alice", "bob"]


def test_without_javascript(bare_page: Page, alice: Profile, people: Path) -> None:
    upload(bare_page, people)
    draft = ImportDraft.objects.get()
    bare_page.get_by_label("Notes").select_option(label="Do not import")
    bare_page.get_by_role("button", name="Update the rows").click()
    expect(bare_page.locator("#summary")).to_contain_text("6 of 7 columns imported")
    bare_page.get_by_role("button", name="Continue to the preview").click()
    work(draft)
    bare_page.reload()
    bare_page.get_by_role("button", name="Run the import").click()
    bare_page.wait_for_url("**/jobs/*/")
    work(draft)
    assert Profile.objects.count() == 2


def test_choosing_quickly_one_after_another_loses_nothing(
    open_as: OpenAs, editor: Operator, people: Path
) -> None:
    page = open_as(editor)
    upload(page, people)
    for label, target in (("Notes", ""), ("Interests", "tags"), ("First name", "last_name")):
        page.get_by_label(label).select_option(target)
    expect(page.locator("#sample")).to_contain_text("Last name")
    expect(page.locator("#toasts .notice")).to_have_count(0)
    page.reload()
    chosen = [page.get_by_label(label).input_value() for label in ("Notes", "Interests", "First name")]
    assert chosen == ["", "tags", "last_name"]


def test_of_two_tabs_the_older_is_told(
    open_as: OpenAs, context: BrowserContext, editor: Operator, people: Path
) -> None:
    page = open_as(editor)
    upload(page, people)
    other = context.new_page()
    other.goto(page.url)
    page.get_by_label("Notes").select_option("")
    expect(page.locator("#summary")).to_contain_text("6 of 7")
    other.get_by_label("Interests").select_option("")
    expect(other.locator("#toasts")).to_contain_text("changed since you opened it")
    expect(other.get_by_label("Notes")).to_have_value("")


def test_what_is_no_table_is_said_beside_the_file(
    open_as: OpenAs, editor: Operator, files: Path, page_errors: list[str]
) -> None:
    page = open_as(editor)
    page.goto(NEW)
    empty, letter = files / "empty.csv", files / "letter.pdf"
    empty.touch()
    letter.write_bytes(b"%PDF-1.7 \xe2\xe3\xcf\xd3\n")
    page.set_input_files("#file", empty)
    expect(page.get_by_role("alert")).to_contain_text("It is empty")
    expect(page.get_by_role("button", name="Upload")).to_be_disabled()
    page.set_input_files("#file", letter)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("letter.pdf is a PDF")
    assert not ImportDraft.objects.exists()
    page_errors.clear()  # The browser notes the answer 422.


def test_a_tall_upload_shows_how_far_it_is(open_as: OpenAs, editor: Operator, files: Path) -> None:
    page = open_as(editor)
    tall = files / "tall.csv"
    tall.write_text("distinct_id,email\n" + "somebody,somebody@example.com\n" * 300_000)
    page.goto(NEW)
    page.set_input_files("#file", tall)
    expect(page.get_by_text("tall.csv · 8.6 MB")).to_be_visible()
    page.evaluate(
        "() => document.addEventListener('htmx:xhr:progress',"
        " () => { window.shown = document.querySelector('[data-upload-text]').textContent })"
    )
    page.evaluate(
        "() => window.addEventListener('pagehide', () => localStorage.setItem('shown', window.shown))"
    )
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/mapping/")
    assert page.evaluate("() => localStorage.getItem('shown')")


@pytest.mark.parametrize("step", ["new", "mapping", "unreadable", "preview", "previewed", "list"])
def test_axe_finds_nothing_and_nothing_overflows(
    step: str, open_as: OpenAs, context: BrowserContext, editor: Operator, alice: Profile, people: Path
) -> None:
    context.add_init_script(path=AXE)
    page = open_as(editor)
    if step == "unreadable":
        people.write_bytes("distinct_id;city\n1;Köln\n".encode("cp1252"))
    if step == "new":
        page.goto(NEW)
    else:
        upload(page, people)
    if step.startswith("preview"):
        page.get_by_role("button", name="Continue to the preview").click()
    if step == "previewed":
        work(ImportDraft.objects.get())
        page.reload()
        expect(page.get_by_role("button", name="Run the import")).to_be_visible()
    if step == "list":
        page.goto("/w/acme/imports/")
    for size in ({"width": 1440, "height": 900}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = page.evaluate("() => axe.run()")["violations"]
            assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert Job.objects.count() <= 1
