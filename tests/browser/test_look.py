"""Every page, light and dark, wide and narrow: axe objects to nothing, and nothing overflows."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from profiles.models import Job, JobRefusal, Operator, Profile, Scope, Workspace
from profiles.operations.keys import create_key, rotate_key
from profiles.operations.merging import merge_profiles

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

ODD = {
    "first_name": "محمد " * 20,
    "last_name": "O’Brien-" + "x" * 150,
    "city": "😀" * 60,
    "tags": ["נציג", "y" * 64],
    "channel__push": [
        {"token": "t" * 400, "status": 0, "integration_id": "I" * 60},
        {"token": "b", "status": 1},
    ],
}
PAGES = [
    "/w/acme/profiles/",
    "/w/acme/profiles/?q=nobody-has-this",
    "/w/acme/profiles/?status=disabled&country=DE",
    "/w/acme/profiles/filters/",
    "/w/acme/profiles/columns/",
    "/w/acme/profiles/new/",
    "/w/acme/profiles/{odd}/",
    "/w/acme/profiles/{odd}/history/",
    "/w/acme/profiles/{odd}/delete/",
    "/w/acme/properties/",
    "/w/acme/keys/",
    "/w/acme/keys/create/",
    "/w/acme/keys/{key}/",
    "/w/acme/keys/{key}/edit/",
    "/w/acme/keys/{key}/rotate/",
    "/w/acme/merging/{odd}/?q=alice",
    "/w/acme/merging/{odd}/{alice}/",
    "/w/acme/merging/undo/{merge}/",
    "/w/acme/profiles/{alice}/history/",
    "/w/acme/jobs/",
    "/w/acme/jobs/?state=done&kind=export",
    "/w/acme/jobs/{jobs[0]}/",
    "/w/acme/jobs/{jobs[1]}/",
    "/w/acme/jobs/{jobs[2]}/",
    "/w/acme/jobs/{jobs[3]}/",
    "/w/acme/jobs/{jobs[0]}/cancel/",
    "/w/acme/jobs/{jobs[2]}/refused/",
    "/operator/preferences/",
    "/operator/password/",
]


@pytest.fixture(autouse=True)
def with_axe(context: BrowserContext) -> None:
    context.add_init_script(path=AXE)


@pytest.fixture
def odd(alice: Profile, make_profile: Callable[..., Profile]) -> Profile:
    """Somebody whose facts are as long and as mixed as they may be; alice is there too."""
    return make_profile('spaces/and "quotes" & <tags> ' + "x" * 990, **ODD)


@pytest.fixture
def jobs(acme: Workspace, admin: Operator) -> list[int]:
    """One that waits, one that was interrupted, one that refused something, its retry, and a preview."""
    long_ago = timezone.now() - timedelta(hours=1)
    facts: list[dict[str, Any]] = [
        {"kind": "change", "verb": "tag", "state": "queued", "total": 10, "subject": "x" * 200},
        {"kind": "import", "state": "interrupted", "problem": "No disk.", "created": 5, "subject": "a.csv"},
        {"kind": "import", "state": "partial", "total": 9, "created": 5, "unchanged": 3, "refused": 1},
        {"kind": "import", "state": "done", "total": 0, "subject": "😀" * 200},
        {"kind": "preview", "state": "failed", "problem": "x" * 300},
    ]
    made = [
        Job.objects.create(workspace=acme, operator=admin, actor="admin", queued_at=long_ago, **each)
        for each in facts
    ]
    Job.objects.filter(pk=made[3].pk).update(parameters={"retries": made[2].pk})
    reason = "E-mail must be an e-mail address; “" + "y" * 60 + "” is not."
    JobRefusal.objects.create(job=made[2], line=3, subject="z" * 900, reasons=[reason])
    return [job.pk for job in made]


@pytest.fixture
def key(acme: Workspace, admin: Operator) -> int:
    """One that may do everything, with a long name, whose old secret is still good."""
    made, _ = create_key(acme, name="محمد " * 10 + "x" * 50, scopes=Scope.values, actor=admin)
    rotate_key(made, actor=admin, overlap=timedelta(days=1))
    return made.pk


@pytest.fixture
def merge(alice: Profile, make_profile: Callable[..., Profile]) -> int:
    """Of somebody as odd into alice."""
    absorbed = make_profile("z" * 1_000, **(ODD | {"status": "disabled", "tags": ["x" * 64]}))
    chosen = {"status": "disabled", "city": ODD["city"]}
    return merge_profiles(
        alice.workspace, absorbed=absorbed.pk, survivor=alice.pk, door="api", actor=None, chosen=chosen
    ).pk


def violations(page: Page) -> list[str]:
    found = page.evaluate("() => axe.run()")["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_overflows(
    path: str,
    open_as: Callable[[Operator], Page],
    admin: Operator,
    odd: Profile,
    alice: Profile,
    jobs: list[int],
    key: int,
    merge: int,
) -> None:
    page = open_as(admin)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto(path.format(odd=odd.pk, alice=alice.pk, jobs=jobs, key=key, merge=merge))
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert violations(page) == [], (size, theme)
        assert overflow(page) <= 0, size


def test_axe_finds_nothing_on_the_sign_in(page: Page, admin: Operator) -> None:
    page.goto("/sign-in/")
    assert violations(page) == []


def test_the_theme_follows_the_operator_before_the_device(
    open_as: Callable[[Operator], Page], admin: Operator
) -> None:
    admin.theme = "dark"
    admin.save()
    page = open_as(admin)
    page.emulate_media(color_scheme="light")
    page.goto("/operator/preferences/")
    assert page.evaluate("() => getComputedStyle(document.body).colorScheme") == "dark"


def test_on_a_phone_the_menu_opens_and_closes(open_as: Callable[[Operator], Page], admin: Operator) -> None:
    page = open_as(admin)
    page.set_viewport_size(NARROW)
    page.goto("/operator/preferences/")
    menu = page.get_by_role("complementary", name="Main")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert menu.is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()
