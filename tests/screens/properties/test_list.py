"""The list of properties."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import IndexState, PropertyDefinition, Workspace
from profiles.operations.properties import archive_property, create_property

URL = "/w/acme/properties/"


@pytest.fixture
def plan(acme: Workspace) -> PropertyDefinition:
    return create_property(
        acme, actor=None, key="plan", label="<Plan>", type="text", max_length=20, indexed=True
    )


def test_it_shows_what_is_known_of_each_property(viewer_client: Client, plan: Any, make_profile: Any) -> None:
    make_profile("bob", custom__plan="pro")
    answer = viewer_client.get(URL)
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in (
        "&lt;Plan&gt;",
        "custom.plan",
        "at most 20 characters",
        "Waiting for the worker",
        "channel.sms",
    ):
        assert text in page
    assert "<Plan>" not in page


def test_viewers_and_editors_look_and_see_no_buttons(
    viewer_client: Client, editor_client: Client, admin_client: Client, plan: Any
) -> None:
    for client in (viewer_client, editor_client):
        page = client.get(URL).content.decode()
        assert "Create property" not in page
        assert "/move/" not in page
        assert "/edit/" not in page
    page = admin_client.get(URL).content.decode()
    assert "Create property" in page
    assert f"/w/acme/properties/{plan.pk}/move/" in page


def test_archived_properties_are_one_click_away(admin_client: Client, plan: PropertyDefinition) -> None:
    archive_property(plan, actor=None)
    page = admin_client.get(URL).content.decode()
    assert "custom.plan" not in page
    assert "1 archived property" in page
    page = admin_client.get(URL + "?archived=1").content.decode()
    assert "custom.plan" in page
    assert "Bring back" in page
    assert "channel.sms" not in page


def test_it_answers_htmx_with_the_fragment_and_looks_again_while_an_index_is_built(
    admin_client: Client, plan: PropertyDefinition
) -> None:
    part = admin_client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'hx-trigger="every 3s"' in part
    PropertyDefinition.objects.update(index_state=IndexState.READY)
    assert "hx-trigger" not in admin_client.get(URL, headers={"HX-Request": "true"}).content.decode()


def test_an_index_whose_worker_is_lost_can_be_tried_again(
    admin_client: Client, viewer_client: Client, plan: Any
) -> None:
    PropertyDefinition.objects.filter(pk=plan.pk).update(index_state=IndexState.BUILDING)
    assert "Interrupted" in viewer_client.get(URL).content.decode()
    assert "Try again" not in viewer_client.get(URL).content.decode()
    assert "Try again" in admin_client.get(URL).content.decode()


def test_its_queries_do_not_grow_with_the_properties(
    admin_client: Client, acme: Workspace, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        create_property(acme, actor=None, key=f"k{n}", type="text")
    with django_assert_max_num_queries(12):
        admin_client.get(URL)


def test_others_see_nothing(outsider_client: Client, client: Client, acme: Workspace) -> None:
    assert outsider_client.get(URL).status_code == 404
    assert client.get(URL).status_code == 302


def test_it_is_only_read(admin_client: Client) -> None:
    assert admin_client.post(URL).status_code == 405
