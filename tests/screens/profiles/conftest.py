"""Ticked people, and the pages on which is confirmed what happens to them."""

import re

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse

from profiles.models import Profile, Selection
from tests.conftest import Make

LIST = "/w/acme/profiles/"
SELECT = f"{LIST}select/"


@pytest.fixture
def people(make_profile: Make) -> list[Profile]:
    return [make_profile(f"person-{number:02}", country="DE") for number in range(12)]


def confirm_url(selection: Selection, verb: str) -> str:
    return f"{LIST}selections/{selection.pk}/{verb}/"


def said(answer: HttpResponse) -> str:
    return " ".join(map(str, get_messages(answer.wsgi_request)))  # type: ignore[attr-defined]


def seen_in(text: str) -> str:
    """What the page's form says that it has shown."""
    found = re.search(r'name="seen" value="(\w+)"', text)
    return found[1] if found else ""
