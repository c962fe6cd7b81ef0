"""A property of a whole selection: set, cleared, replaced in; shown on some before it is done."""

import pytest
from django.test import Client

from profiles.models import Job, Operator, Profile, PropertyDefinition, Workspace
from profiles.operations.properties import archive_property
from profiles.operations.selections import select

from .conftest import confirm_url, said, seen_in


def test_a_property_is_chosen_then_shown_on_some_then_set(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    Profile.objects.filter(pk=people[0].pk).update(city="Bonn")
    selection = select(acme, operator=editor, query="", ids=[person.pk for person in people[:2]])
    url = confirm_url(selection, "set")
    first = editor_client.get(url).text
    assert '<option value="city">City</option>' in first
    assert "Set for" not in first
    chosen = editor_client.post(url, {"agreed": "2", "path": "city", "preview": "1"})
    assert (chosen.status_code, 'name="value"' in chosen.text) == (200, True)
    assert "Give a value" not in chosen.text
    given = {"agreed": "2", "path": "city", "value": "Bonn"}
    shown = editor_client.post(url, given | {"preview": "1"})
    assert "stays" in shown.text
    assert not Profile.objects.get(pk=people[1].pk).city
    done = editor_client.post(url, given | {"seen": seen_in(shown.text)})
    assert said(done).startswith("1 profile changed. 1 profile needed no change.")
    assert Profile.objects.get(pk=people[1].pk).city == "Bonn"


def test_nothing_is_done_that_was_not_shown(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    url = confirm_url(select(acme, operator=editor, query="", ids=[people[0].pk]), "set")
    given = {"agreed": "1", "path": "city", "value": "Bonn"}
    shown = editor_client.post(url, given | {"preview": "1"})
    for posted in (given, given | {"value": "Kiel", "seen": seen_in(shown.text)}):
        again = editor_client.post(url, posted)
        assert (again.status_code, bool(seen_in(again.text))) == (422, True)
        assert "Nothing is changed yet" in again.text
    assert not Job.objects.exists()


def test_a_value_that_does_not_fit_is_told_before_anything_happens(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    url = confirm_url(select(acme, operator=editor, query="", ids=[people[0].pk]), "set")
    wrong = {"agreed": "1", "path": "birthday", "value": "yesterday"}
    assert "yesterday" in editor_client.post(url, wrong | {"preview": "1"}).text
    answer = editor_client.post(url, wrong)
    assert answer.status_code == 422
    assert "Birthday" in answer.text
    assert "preview below" not in answer.text
    assert not Job.objects.exists()


def test_clearing_and_replacing_show_some_of_those_whom_it_meets(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    Profile.objects.filter(pk=people[3].pk).update(city="Bonn", email="a.@example.com")
    everybody = select(acme, operator=editor, query="", is_everything=True)
    url = confirm_url(everybody, "replace")
    given = {"agreed": "12", "path": "city", "find": "BONN", "replacement": "Berlin"}
    page = editor_client.post(url, given | {"preview": "1"})
    assert [example.profile for example in page.context["examples"]] == [people[3]]
    assert "1 of them has “BONN” in City." in page.text
    wrong = {"agreed": "12", "path": "email", "find": "a.", "replacement": "a.."}
    assert "Refused: " in editor_client.post(confirm_url(everybody, "replace"), wrong | {"preview": "1"}).text
    cleared = editor_client.post(
        confirm_url(everybody, "clear"), {"agreed": "12", "path": "city", "preview": "1"}
    )
    done = editor_client.post(
        confirm_url(everybody, "clear"), {"agreed": "12", "path": "city", "seen": seen_in(cleared.text)}
    )
    assert said(done).startswith("1 profile changed. 11 profiles needed no change.")


def test_a_property_that_was_archived_meanwhile_is_refused_in_words(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    url = confirm_url(select(acme, operator=editor, query="", ids=[people[0].pk]), "set")
    archive_property(PropertyDefinition.objects.get(key="city"), actor=None)
    answer = editor_client.post(url, {"agreed": "1", "path": "city", "value": "Bonn"})
    assert answer.status_code == 422
    assert "City is archived: it takes no changes." in answer.text


@pytest.mark.parametrize("verb", ["set", "clear", "replace"])
def test_hostile_fields_are_answered_in_words(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile], verb: str
) -> None:
    url = confirm_url(select(acme, operator=editor, query="", ids=[people[0].pk]), verb)
    for text in ("\0", "x" * 200_000, "\x85\u202e", "custom."):
        for name in ("path", "value", "find", "replacement", "seen", "agreed"):
            posted = {"agreed": "1", "path": "city", "value": "a", "find": "a"} | {name: text}
            for step in ({}, {"preview": "1"}):
                assert editor_client.post(url, posted | step).status_code in {200, 302, 422}
    assert Profile.objects.count() == 12
