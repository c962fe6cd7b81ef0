"""Editing a property, and being told what a tighter rule would do."""

import re
from typing import Any

import pytest
from django.test import Client

from profiles.models import PropertyDefinition, Workspace
from profiles.operations.properties import create_property


@pytest.fixture
def plan(acme: Workspace) -> PropertyDefinition:
    return create_property(acme, actor=None, key="plan", label="Plan", type="text")


def url_of(definition: PropertyDefinition) -> str:
    return f"/w/acme/properties/{definition.pk}/edit/"


def test_it_saves_what_is_posted(admin_client: Client, plan: PropertyDefinition) -> None:
    assert "Plan" in admin_client.get(url_of(plan)).content.decode()
    given = {
        "label": "The plan",
        "description": "What is paid",
        "type": "text",
        "max_length": "20",
        "starred": "on",
    }
    assert admin_client.post(url_of(plan), given).status_code == 302
    plan.refresh_from_db()
    assert (plan.label, plan.description, plan.max_length, plan.starred) == (
        "The plan",
        "What is paid",
        20,
        True,
    )


def test_a_posted_key_or_kind_changes_nothing(admin_client: Client, plan: PropertyDefinition) -> None:
    admin_client.post(
        url_of(plan), {"label": "L", "type": "text", "key": "other", "kind": "channel", "position": 9}
    )
    plan.refresh_from_db()
    assert (plan.key, plan.kind, plan.position, plan.label) == ("plan", "custom", 0, "L")


def test_the_type_changes_while_there_are_no_values(
    admin_client: Client, plan: Any, make_profile: Any
) -> None:
    assert admin_client.post(url_of(plan), {"label": "L", "type": "number"}).status_code == 302
    plan.refresh_from_db()
    assert plan.type == "number"
    make_profile("bob", custom__plan=5)
    assert "disabled" in admin_client.get(url_of(plan)).content.decode()
    admin_client.post(url_of(plan), {"label": "L", "type": "text"})
    plan.refresh_from_db()
    assert plan.type == "number"


def test_a_tighter_rule_says_how_many_values_would_not_fit_and_asks(
    admin_client: Client, plan: PropertyDefinition, make_profile: Any
) -> None:
    for name in ("free", "enterprise", "professional"):
        make_profile(name, custom__plan=name)
    given = {"label": "Plan", "type": "text", "max_length": "5"}
    answer = admin_client.post(url_of(plan), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 stored values would not fit" in page
    assert "3 values were looked at" in page
    plan.refresh_from_db()
    assert plan.max_length is None
    token = re.search(r'name="confirmed" value="(\w+)"', page)[1]  # type: ignore[index]
    tighter = admin_client.post(url_of(plan), given | {"max_length": "3", "confirmed": token})
    assert "3 stored values would not fit" in tighter.content.decode()
    assert admin_client.post(url_of(plan), given | {"confirmed": token}).status_code == 302
    plan.refresh_from_db()
    assert plan.max_length == 5


def test_a_rule_that_all_values_keep_is_saved_at_once(
    admin_client: Client, plan: Any, make_profile: Any
) -> None:
    make_profile("bob", custom__plan="pro")
    assert (
        admin_client.post(url_of(plan), {"label": "Plan", "type": "text", "max_length": "5"}).status_code
        == 302
    )


def test_requiring_says_how_many_profiles_have_no_value_and_asks(
    admin_client: Client, plan: PropertyDefinition, make_profile: Any
) -> None:
    make_profile("bob", custom__plan="pro")
    make_profile("cid")
    make_profile("dan")
    given = {"label": "Plan", "type": "text", "required": "on"}
    answer = admin_client.post(url_of(plan), given)
    assert answer.status_code == 422
    assert "2 profiles have no value" in answer.text
    token = re.search(r'name="confirmed" value="(\w+)"', answer.text)[1]  # type: ignore[index]
    assert admin_client.post(url_of(plan), given | {"confirmed": token}).status_code == 302
    plan.refresh_from_db()
    assert plan.required
    assert admin_client.post(url_of(plan), given | {"label": "Other"}).status_code == 302


def test_requiring_what_all_have_is_saved_at_once(
    admin_client: Client, plan: PropertyDefinition, make_profile: Any
) -> None:
    make_profile("bob", custom__plan="pro", city="Ulm")
    assert admin_client.post(url_of(plan), {"type": "text", "required": "on"}).status_code == 302
    city = plan.workspace.property_definitions.get(key="city")
    assert admin_client.post(url_of(city), {"type": "text", "required": "on"}).status_code == 302


def test_default_properties_take_label_order_star_and_rules(admin_client: Client, acme: Workspace) -> None:
    for definition in acme.property_definitions.exclude(kind="custom"):
        page = admin_client.get(url_of(definition)).content.decode()
        assert 'name="indexed"' not in page
        answer = admin_client.post(url_of(definition), {"label": f"My {definition.label}", "required": "on"})
        assert answer.status_code == 302, definition.path
        definition.refresh_from_db()
        assert definition.label.startswith("My ")
        assert definition.required == (definition.key != "distinct_id")


def test_only_admins_of_the_workspace_edit(
    editor_client: Client, viewer_client: Client, outsider_client: Client, client: Client, plan: Any
) -> None:
    for verb in ("get", "post"):
        answers = [
            getattr(each, verb)(url_of(plan))
            for each in (editor_client, viewer_client, outsider_client, client)
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 404, 302]


def test_a_property_of_another_workspace_is_not_found(admin_client: Client, globex: Workspace) -> None:
    theirs = globex.property_definitions.first()
    assert theirs is not None
    assert admin_client.get(url_of(theirs)).status_code == 404
    assert admin_client.post(url_of(theirs), {"label": "x"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.label != "x"


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 19, "9" * 40])
def test_a_missing_property_is_not_found(admin_client: Client, pk: str) -> None:
    assert admin_client.get(f"/w/acme/properties/{pk}/edit/").status_code == 404


def test_other_methods_are_refused(admin_client: Client, plan: Any) -> None:
    assert admin_client.put(url_of(plan)).status_code == 405
