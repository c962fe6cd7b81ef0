from playwright.sync_api import Page, expect

from profiles.models import Operator


def test_an_operator_signs_in_and_lands_in_their_workspace(page: Page, editor: Operator) -> None:
    editor.set_password("correct horse battery")
    editor.save()
    page.goto("/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/w/acme/profiles/")


def test_a_wrong_password_stays_at_the_door_and_says_so(page: Page, editor: Operator) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("correct")
    expect(page).to_have_url("/sign-in/")
