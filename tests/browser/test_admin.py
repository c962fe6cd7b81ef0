"""Django's admin under the content security policy: a script or style that it refuses fails the test."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Member, Operator, Profile, Workspace


@pytest.fixture
def page(open_as: Callable[[Operator], Page], db: None) -> Page:
    return open_as(Operator.objects.create_superuser("root"))


@pytest.mark.parametrize("noun", ["operator", "workspace", "member", "profile", "propertydefinition", "tag"])
def test_the_pages_of_a_noun_open(noun: str, page: Page, alice: Profile, editor: Operator) -> None:
    page.goto(f"/admin/profiles/{noun}/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("#content h1")).to_contain_text("Change")
    if noun != "tag":
        page.goto(f"/admin/profiles/{noun}/add/")
        expect(page.locator("#content h1")).to_contain_text("Add")


def test_a_member_is_added_with_rows_that_are_searched_for(
    page: Page, acme: Workspace, outsider: Operator
) -> None:
    page.goto("/admin/profiles/member/add/")
    for field, sought in (("workspace", "acm"), ("operator", "outs")):
        page.locator(f".field-{field} .select2-selection").click()
        page.locator(".select2-search__field").fill(sought)
        page.locator(".select2-results__option--highlighted").click()
    page.locator("[name=role]").select_option("viewer")
    page.locator("[name=_save]").click()
    expect(page.locator(".success")).to_be_visible()
    assert Member.objects.filter(workspace=acme, operator=outsider).exists()


def test_a_row_is_added_in_a_window_of_its_own(page: Page, acme: Workspace) -> None:
    page.goto("/admin/profiles/member/add/")
    with page.expect_popup() as opened:
        page.locator("#add_id_workspace").click()
    window = opened.value
    window.locator("[name=slug]").fill("initech")
    window.locator("[name=name]").fill("Initech")
    with window.expect_event("close"):
        window.locator("[name=_save]").click()
    expect(page.locator(".field-workspace .select2-selection")).to_contain_text(re.compile("initech", re.I))


def test_all_rows_of_a_list_are_ticked_at_once(page: Page, alice: Profile) -> None:
    page.goto("/admin/profiles/profile/")
    page.locator("#action-toggle").check()
    expect(page.locator(".action-counter")).to_contain_text("1 of 1 selected")


def test_an_operator_is_added_without_a_password(page: Page) -> None:
    page.goto("/admin/profiles/operator/add/")
    page.locator("[name=username]").fill("newcomer")
    page.locator("[name=usable_password][value=false]").check()
    expect(page.locator("[name=password1]")).to_be_hidden()
