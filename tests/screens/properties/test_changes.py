"""Archiving, bringing back, moving, and trying an index again: the small changes of the list."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import IndexState, PropertyDefinition, Workspace
from profiles.operations.properties import archive_property, create_property

DEEDS = ("archive", "unarchive", "move", "retry-index")


@pytest.fixture
def plan(acme: Workspace) -> PropertyDefinition:
    return create_property(acme, actor=None, key="plan", label="Plan", type="integer")


def url_of(definition: PropertyDefinition, deed: str) -> str:
    return f"/w/acme/properties/{definition.pk}/{deed}/"


def test_archiving_asks_first(admin_client: Client, plan: PropertyDefinition) -> None:
    page = admin_client.get(url_of(plan, "archive")).content.decode()
    assert "Archive <bdi>Plan</bdi>?" in page
    part = admin_client.get(url_of(plan, "archive"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    plan.refresh_from_db()
    assert not plan.is_archived


def test_archiving_and_bringing_back(admin_client: Client, plan: PropertyDefinition) -> None:
    assert admin_client.post(url_of(plan, "archive")).status_code == 302
    plan.refresh_from_db()
    assert plan.is_archived
    assert "Bring back <bdi>Plan</bdi>?" in admin_client.get(url_of(plan, "unarchive")).content.decode()
    assert admin_client.post(url_of(plan, "unarchive")).status_code == 302
    plan.refresh_from_db()
    assert not plan.is_archived


def test_the_distinct_id_is_not_archived(admin_client: Client, acme: Workspace) -> None:
    distinct_id = acme.property_definitions.get(key="distinct_id")
    answer = admin_client.post(url_of(distinct_id, "archive"), follow=True)
    assert "The distinct ID cannot be archived" in answer.content.decode()
    distinct_id.refresh_from_db()
    assert not distinct_id.is_archived


def test_moving_changes_the_order(admin_client: Client, acme: Workspace, plan: PropertyDefinition) -> None:
    seats = create_property(acme, actor=None, key="seats", type="integer")
    answer = admin_client.post(url_of(seats, "move"), {"to": "up"})
    assert answer.headers["Location"] == f"/w/acme/properties/#property-{seats.pk}"
    order = acme.property_definitions.filter(kind="custom").in_order()
    assert [each.key for each in order] == ["seats", "plan"]
    archive_property(plan, actor=None)
    answer = admin_client.post(url_of(plan, "move"), {"to": "up"}, follow=True)
    assert "Plan is archived." in answer.content.decode()


def test_an_index_that_failed_is_tried_again(admin_client: Client, plan: PropertyDefinition) -> None:
    PropertyDefinition.objects.filter(pk=plan.pk).update(indexed=True, index_state=IndexState.FAILED)
    assert admin_client.post(url_of(plan, "retry-index")).status_code == 302
    plan.refresh_from_db()
    assert plan.index_state == IndexState.QUEUED


def test_a_property_without_index_is_not_tried(admin_client: Client, plan: PropertyDefinition) -> None:
    answer = admin_client.post(url_of(plan, "retry-index"), follow=True)
    assert "Plan is not indexed." in answer.content.decode()


@pytest.mark.parametrize("deed", DEEDS)
def test_only_admins_of_the_workspace_change(
    deed: str,
    editor_client: Client,
    viewer_client: Client,
    outsider_client: Client,
    client: Client,
    plan: Any,
) -> None:
    clients = (editor_client, viewer_client, outsider_client, client)
    assert [each.post(url_of(plan, deed)).status_code for each in clients] == [403, 403, 404, 302]
    plan.refresh_from_db()
    assert not plan.is_archived


@pytest.mark.parametrize("deed", DEEDS)
def test_properties_of_others_and_missing_ones_are_not_found(
    deed: str, admin_client: Client, globex: Workspace
) -> None:
    theirs = globex.property_definitions.exclude(key="distinct_id").first()
    assert theirs is not None
    assert admin_client.post(url_of(theirs, deed)).status_code == 404
    assert admin_client.post(f"/w/acme/properties/0/{deed}/").status_code == 404


@pytest.mark.parametrize("deed", ["move", "retry-index"])
def test_changes_are_posted(deed: str, admin_client: Client, plan: Any) -> None:
    assert admin_client.get(url_of(plan, deed)).status_code == 405


@pytest.mark.parametrize("deed", DEEDS)
def test_they_need_the_csrf_token(deed: str, admin: Any, plan: Any) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(admin)
    assert careful.post(url_of(plan, deed)).status_code == 403
