"""From ticked rows to the deed: the selection, its confirmation, and what happens."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import Job, Operator, Profile, Selection, Workspace
from profiles.operations.selections import select
from tests.patience import wear_out_patience

from .conftest import LIST, SELECT, confirm_url, said


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
    wear_out_patience(monkeypatch)
    url = confirm_url(select(acme, operator=editor, query="", is_everything=True), "delete")
    page = editor_client.get(url)
    assert page.status_code == 200
    assert "Type DELETE to confirm" in page.text
    assert "Delete more than 10,000" in page.text
    assert "their whole history" in page.text
    assert editor_client.post(url, {"agreed": "", "typed": "yes"}).status_code == 422
    editor_client.post(url, {"agreed": "", "typed": "delete"})
    assert Job.objects.get().parameters["agreed"] is None


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
