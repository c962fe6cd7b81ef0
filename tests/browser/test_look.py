"""Every page, light and dark, wide and narrow: axe objects to nothing, and nothing overflows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from profiles.models import Operator, Profile

AXE = next((Path(__file__).resolve().parent / "vendor").glob("axe-core-*.min.js"))
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

ODD = {
    "first_name": "محمد " * 20,
    "last_name": "O’Brien-" + "x" * 150,
    "city": "😀" * 60,
    "tags": ["נציג", "y" * 64],
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
    path: str, open_as: Callable[[Operator], Page], admin: Operator, odd: Profile
) -> None:
    page = open_as(admin)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto(path.format(odd=odd.pk))
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
