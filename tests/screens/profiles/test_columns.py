"""The column chooser."""

import pytest
from django.test import Client

from profiles.models import Member, Profile, Workspace

URL = "/w/acme/profiles/columns/"


def columns() -> object:
    return Member.objects.get(operator__username="viewer").preferences.get("columns")


@pytest.mark.parametrize(
    ("step", "result"),
    [
        ({"do": "up:email"}, ["distinct_id", "email", "name"]),
        ({"do": "down:name"}, ["distinct_id", "email", "name"]),
        ({"do": "up:name"}, ["distinct_id", "name", "email"]),
        ({"do": "down:email"}, ["distinct_id", "name", "email"]),
        ({"do": "remove:name"}, ["distinct_id", "email"]),
        ({"do": "remove:distinct_id"}, ["distinct_id", "name", "email"]),
        ({"do": "add", "path": "city"}, ["distinct_id", "name", "email", "city"]),
        ({"do": "add", "path": "custom.unknown"}, ["distinct_id", "name", "email"]),
        ({"do": "nonsense:\0"}, ["distinct_id", "name", "email"]),
        ({"do": "reset"}, None),
    ],
)
def test_each_step_is_kept_at_once(
    viewer_client: Client, alice: Profile, step: dict[str, str], result: object
) -> None:
    Member.objects.filter(operator__username="viewer").update(
        preferences={"columns": ["name", "email"], "other": 1}
    )
    answer = viewer_client.post(URL, {**step, "back": "country=GB"})
    assert answer.status_code == 302
    assert columns() == result
    assert Member.objects.get(operator__username="viewer").preferences["other"] == 1
    page = viewer_client.get(answer["Location"])
    assert page["HX-Trigger"] == "columns-changed"
    assert "/w/acme/profiles/?country=GB" in page.text


def test_it_answers_htmx_with_the_dialog_only(viewer_client: Client, acme: Workspace) -> None:
    answer = viewer_client.get(URL, headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<form id="columns"')


def test_an_outsider_finds_nothing(outsider_client: Client, acme: Workspace) -> None:
    assert outsider_client.get(URL).status_code == 404


def test_another_method_is_refused(viewer_client: Client, acme: Workspace) -> None:
    assert viewer_client.put(URL).status_code == 405
