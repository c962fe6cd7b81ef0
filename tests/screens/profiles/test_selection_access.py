"""Whose a selection is, and who may do something to it."""

from uuid import uuid4

from django.test import Client

from profiles.models import Operator, Profile, Role, Workspace
from profiles.operations.selections import select
from tests.conftest import make_member, signed_in

from .conftest import LIST, SELECT, confirm_url


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
