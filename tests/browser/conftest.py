"""A real browser on the live server. The page's errors, a refused script among them, fail the test."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from profiles.models import Operator

# Playwright's event loop runs in the thread of the test, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
HERE = Path(__file__).resolve().parent
FIND_CHROMIUM = HERE.parent.parent / "bin" / "chromium"

# What htmx logs as errors where a newer request took the place of one that was still on its way.
OVERTAKEN = ("htmx:afterRequest", "htmx:sendAbort")

OpenAs = Callable[[Operator], Page]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last, because that loop goes on running, and other tests start one of their own."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = subprocess.run([FIND_CHROMIUM], capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        pytest.fail("The browser tests need Chromium or Chrome: “make test” installs one, or set CHROMIUM.")
    # The sandbox needs rights that root in a container has not; shared memory is small there.
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    return browser_type_launch_args | {"executable_path": found, "args": flags}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: LiveServer) -> dict[str, Any]:
    """Addresses in tests are paths of the live server."""
    return browser_context_args | {"base_url": live_server.url}


@pytest.fixture(autouse=True)
def page_errors(context: BrowserContext) -> Iterator[list[str]]:
    """What went wrong in the pages of the test; whoever expects an error clears the list."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OVERTAKEN):
            found.append(message.text)

    context.on("console", note)
    context.on("weberror", lambda error: found.append(str(error.error)))
    yield found
    assert found == []


@pytest.fixture
def open_as(context: BrowserContext, live_server: LiveServer) -> OpenAs:
    """A new page of the signed-in operator: `open_as(editor).goto("/w/acme/profiles/")`."""

    def open_page(operator: Operator) -> Page:
        client = Client()
        client.force_login(operator)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return context.new_page()

    return open_page
