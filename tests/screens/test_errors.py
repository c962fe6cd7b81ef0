"""What people see when something went wrong: what happened, and what to do."""

import pytest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from profiles.models import Operator, Workspace


def test_a_page_that_does_not_exist(viewer_client: Client) -> None:
    answer = viewer_client.get("/no/such/page/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "No page has this address." in page
    assert "Resolver404" not in page


def test_a_workspace_of_others_says_no_more_than_that(outsider_client: Client, viewer: Operator) -> None:
    answer = outsider_client.get("/w/acme/profiles/")
    assert answer.status_code == 404
    assert "There is no such workspace among yours." in answer.content.decode()


def test_what_a_role_does_not_allow_says_whom_to_ask_and_keeps_the_navigation(
    viewer_client: Client, acme: Workspace
) -> None:
    answer = viewer_client.get("/w/acme/profiles/new/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "This needs the editor role." in page
    assert "Ask whoever runs this installation" in page
    assert 'aria-label="Main"' in page
    assert page.count("<h1") == 1


def test_a_profile_that_does_not_exist_keeps_the_navigation(viewer_client: Client, acme: Workspace) -> None:
    answer = viewer_client.get("/w/acme/profiles/00000000-0000-8000-8000-000000000000/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "There is no such profile." in page
    assert page.count("may have been deleted") == 1
    assert 'aria-label="Main"' in page
    assert page.count("<h1") == 1


def test_the_icon_that_browsers_ask_for(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/img/favicon.ico"


def test_a_form_without_its_token(viewer: Operator) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(viewer)
    answer = client.post("/operator/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.content.decode()
    viewer.refresh_from_db()
    assert viewer.theme == "auto"


def test_a_form_of_too_many_fields(viewer_client: Client) -> None:
    answer = viewer_client.post("/operator/theme/", {f"field{n}": "x" for n in range(5_001)})
    assert answer.status_code == 400
    assert "cannot read this request" in answer.content.decode()


@pytest.mark.parametrize("template", ["500.html", "400.html"])
def test_the_page_of_an_error_needs_no_context(template: str) -> None:
    assert "Go to the profiles" in render_to_string(template)


def test_what_was_refused_is_escaped() -> None:
    page = render(RequestFactory().get("/"), "404.html", {"exception": "<script>"}).content.decode()
    assert "<p>&lt;script&gt;</p>" in page
