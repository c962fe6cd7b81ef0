"""From ticked rows to the deed: the selection, its confirmation, and what happens."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from profiles.models import Job, Operator, Profile, PropertyDefinition, Role, Selection, Workspace
from profiles.operations.properties import archive_property
from profiles.operations.selections import select
from profiles.queries.patience import patience
from tests.conftest import Make, make_member, signed_in

LIST = "/w/acme/profiles/"
SELECT = f"{LIST}select/"


@pytest.fixture
def people(make_profile: Make) -> list[Profile]:
    return [make_profile(f"person-{number:02}", country="DE") for number in range(12)]


def confirm_url(selection: Selection, verb: str) -> str:
    return f"{LIST}selections/{selection.pk}/{verb}/"


def said(answer: HttpResponse) -> str:
    return " ".join(map(str, get_messages(answer.wsgi_request)))  # type: ignore[attr-defined]


def test_ticking_leads_to_the_confirmation(editor_client: Client, people: list[Profile]) -> None:
    ids = [str(person.pk) for person in people[:2]]
    answer = editor_client.post(SELECT, {"verb": "delete", "id": ids, "filter": "country=DE", "sort": "name"})
    selection = Selection.objects.get()
    assert answer["Location"] == confirm_url(selection, "delete")
    assert [str(pk) for pk in selection.ids] == ids
    assert selection.query == "country=DE&sort=name"
    page = editor_client.get(answer["Location"])
    assert "Delete 2 profiles?" in page.text
    assert "cannot be recovered" in page.text
    assert "person-00" in page.text
    assert "2 changes of their history" in page.text


def test_everything_but_exceptions_ignores_the_ticked_boxes(
    editor_client: Client, people: list[Profile]
) -> None:
    posted = {
        "verb": "tag",
        "all": "1",
        "id": [str(people[0].pk)],
        "except": [str(people[1].pk)],
        "filter": "",
    }
    editor_client.post(SELECT, posted)
    selection = Selection.objects.get()
    assert selection.is_everything
    assert selection.exceptions == [people[1].pk]
    assert selection.ids == []


@pytest.mark.parametrize(
    ("posted", "reason"),
    [({"verb": "delete"}, "Tick at least one"), ({"verb": "delete", "id": "x'"}, "not a profile")],
)
def test_what_cannot_be_selected_leads_back_with_the_reason(
    editor_client: Client, acme: Workspace, posted: dict[str, str], reason: str
) -> None:
    answer = editor_client.post(SELECT, {**posted, "filter": "country=DE"})
    assert answer["Location"] == f"{LIST}?country=DE"
    assert reason in said(answer)
    assert not Selection.objects.exists()


def test_from_ten_on_the_number_is_typed(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    url = confirm_url(select(acme, operator=editor, query="country=DE", is_everything=True), "delete")
    assert "Type 12 to confirm" in editor_client.get(url).text
    for typed in ("", "11", "twelve"):
        answer = editor_client.post(url, {"agreed": "12", "typed": typed})
        assert answer.status_code == 422
    assert Profile.objects.count() == 12
    done = editor_client.post(url, {"agreed": "12", "typed": "12", "reason": "asked"})
    assert done["Location"] == f"{LIST}?country=DE"
    job = Job.objects.get()
    assert said(done) == f'12 profiles deleted for good. <a href="/w/acme/jobs/{job.pk}/">Details</a>'
    assert not Profile.objects.exists()


def test_if_the_number_changed_nothing_is_done_and_it_asks_again(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    selection = select(acme, operator=editor, query="", ids=[person.pk for person in people[:3]])
    people[0].delete()
    answer = editor_client.post(confirm_url(selection, "delete"), {"agreed": "3"})
    assert answer.status_code == 409
    assert "You agreed to 3 profiles, but now there are 2" in answer.text
    assert "Delete 2 profiles?" in answer.text
    assert Profile.objects.count() == 11


@pytest.mark.parametrize("verb", ["tag", "untag"])
def test_tags_are_given_and_taken(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile], verb: str
) -> None:
    Profile.objects.filter(pk=people[1].pk).update(tags=["vip"])
    selection = select(acme, operator=editor, query="", ids=[person.pk for person in people[:2]])
    answer = editor_client.post(confirm_url(selection, verb), {"agreed": "2", "tags": "vip; "})
    assert said(answer).startswith(f"1 profile {verb}ged. 1 profile needed no change. <a href=")
    missing = editor_client.post(confirm_url(selection, verb), {"agreed": "2", "tags": " ; "})
    assert missing.status_code == 422


@pytest.mark.parametrize(("verb", "status"), [("disable", "disabled"), ("activate", "active")])
def test_disable_and_activate(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile], verb: str, status: str
) -> None:
    Profile.objects.update(status="active" if verb == "disable" else "disabled")
    selection = select(acme, operator=editor, query="", ids=[people[0].pk])
    editor_client.post(confirm_url(selection, verb), {"agreed": "1"})
    people[0].refresh_from_db()
    assert people[0].status == status


def test_many_lead_to_the_page_of_their_job(
    editor_client: Client,
    editor: Operator,
    acme: Workspace,
    people: list[Profile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("profiles.operations.bulk", "profiles.screens.profiles.selection_impact"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 5)
    url = confirm_url(select(acme, operator=editor, query="", is_everything=True), "delete")
    assert "worked on in the background" in editor_client.get(url).text
    answer = editor_client.post(url, {"agreed": "12", "typed": "12", "reason": "asked", "deny": "on"})
    job = Job.objects.get()
    assert answer["Location"] == f"/w/acme/jobs/{job.pk}/"
    assert (job.state, job.parameters["agreed"], job.parameters["deny"]) == ("queued", 12, True)
    assert Profile.objects.count() == 12


def test_it_loads_where_counting_takes_too_long(
    editor_client: Client,
    editor: Operator,
    acme: Workspace,
    people: list[Profile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PATIENCE", "IMPATIENCE"):
        monkeypatch.setattr(f"profiles.queries.selections.{name}", 0.001)
    slow = "SELECT set_config('statement_timeout', '1', true), pg_sleep(0.01)"
    monkeypatch.setattr("profiles.queries.selections.patience", sleepy(slow))
    url = confirm_url(select(acme, operator=editor, query="", is_everything=True), "delete")
    page = editor_client.get(url)
    assert page.status_code == 200
    assert "Type DELETE to confirm" in page.text
    assert "Delete more than 10,000" in page.text
    assert "their whole history" in page.text
    assert editor_client.post(url, {"agreed": "", "typed": "yes"}).status_code == 422
    editor_client.post(url, {"agreed": "", "typed": "delete"})
    assert Job.objects.get().parameters["agreed"] is None


def sleepy(statement: str) -> Callable[[float], AbstractContextManager[None]]:
    """Patience that every query wears out."""

    @contextmanager
    def patience_worn_out(seconds: float) -> Iterator[None]:
        with patience(seconds), connection.cursor() as cursor:
            cursor.execute(statement)
            yield

    return patience_worn_out


def seen_in(text: str) -> str:
    """What the page's form says that it has shown."""
    found = re.search(r'name="seen" value="(\w+)"', text)
    return found[1] if found else ""


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


def test_all_matching_are_named_by_their_filter(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    def said_of(query: str, **chosen: Any) -> str:
        selection = select(acme, operator=editor, query=query, **chosen)
        return str(editor_client.get(confirm_url(selection, "disable")).context["chosen_by"])

    rules = "r1f=city&r1o=empty&r2f=country&r2o=is&r2v=DE&g1=any"
    assert said_of(f"status=active&{rules}", is_everything=True) == (
        "Filter: Status: Active; City is empty or Country is Germany"
    )
    assert said_of("", is_everything=True) == "No filter: everybody in the workspace"
    assert said_of("", is_everything=True, exceptions=[people[0].pk]).endswith("; 1 profile left out")
    assert said_of("country=DE", ids=[people[0].pk]) == ""


def test_the_tags_to_take_are_those_that_they_have(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    Profile.objects.filter(pk=people[0].pk).update(tags=["vip", "beta"])
    Profile.objects.filter(pk=people[1].pk).update(tags=["vip"])
    Profile.objects.filter(pk=people[2].pk).update(tags=["other"])
    selection = select(acme, operator=editor, query="", ids=[person.pk for person in people[:2]])
    assert editor_client.get(confirm_url(selection, "untag")).context["known_tags"] == ["beta", "vip"]
    assert "does not exist yet is created" in editor_client.get(confirm_url(selection, "tag")).text


def test_the_dialog_keeps_its_errors_and_leaves_when_all_is_done(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    selection = select(acme, operator=editor, query="country=DE", is_everything=True)
    url, htmx = confirm_url(selection, "delete"), {"HX-Request": "true"}
    wrong = editor_client.post(url, {"agreed": "12", "typed": "11"}, headers=htmx)
    assert wrong.status_code == 422
    assert f'hx-post="{url}" hx-target="#dialog"' in wrong.text
    done = editor_client.post(url, {"agreed": "12", "typed": "12"}, headers=htmx)
    assert done["HX-Redirect"] == f"{LIST}?country=DE"


def test_it_answers_htmx_with_the_dialog_only(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    selection = select(acme, operator=editor, query="", ids=[people[0].pk])
    answer = editor_client.get(confirm_url(selection, "delete"), headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<form id="confirm"')


def test_a_viewer_may_not(
    viewer_client: Client, viewer: Operator, acme: Workspace, people: list[Profile]
) -> None:
    assert viewer_client.post(SELECT, {"verb": "delete", "id": str(people[0].pk)}).status_code == 403
    selection = select(acme, operator=viewer, query="", ids=[people[0].pk])
    assert viewer_client.get(confirm_url(selection, "delete")).status_code == 403
    assert viewer_client.post(confirm_url(selection, "delete"), {"agreed": "1"}).status_code == 403
    assert Profile.objects.count() == 12


def test_it_belongs_to_its_operator_and_workspace_alone(
    editor_client: Client, admin: Operator, editor: Operator, acme: Workspace, globex: Workspace,
    people: list[Profile],
) -> None:  # fmt: skip
    others = select(acme, operator=admin, query="", ids=[people[0].pk])
    assert editor_client.post(confirm_url(others, "delete"), {"agreed": "1"}).status_code == 404
    own = select(acme, operator=editor, query="", ids=[people[0].pk])
    member_of_both = signed_in(make_member(globex, "both", Role.ADMIN))
    url = confirm_url(own, "delete").replace("acme", "globex")
    assert member_of_both.post(url, {"agreed": "1"}).status_code == 404
    assert Profile.objects.count() == 12


def test_unknown_verbs_and_selections_are_not_found(
    editor_client: Client, editor: Operator, acme: Workspace, people: list[Profile]
) -> None:
    own = select(acme, operator=editor, query="", ids=[people[0].pk])
    assert editor_client.get(confirm_url(own, "explode")).status_code == 404
    assert editor_client.get(f"{LIST}selections/{uuid4()}/delete/").status_code == 404
    assert editor_client.post(SELECT, {"verb": "explode"}).status_code == 404


def test_other_methods_are_refused(editor_client: Client, acme: Workspace) -> None:
    assert editor_client.get(SELECT).status_code == 405
    assert editor_client.put(f"{LIST}selections/{uuid4()}/delete/").status_code == 405


def test_without_the_forms_token_it_is_refused(editor: Operator, people: list[Profile]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(SELECT, {"verb": "delete", "id": str(people[0].pk)}).status_code == 403
