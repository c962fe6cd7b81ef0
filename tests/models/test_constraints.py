"""Rules that the database keeps, whoever writes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from profiles.models import Profile, PropertyDefinition, Role, Tag, Workspace, profile_id


def new_profile(workspace: Workspace, **values: Any) -> Profile:
    given = {"distinct_id": "bob", "environment": "live"} | values
    return Profile(
        id=profile_id(workspace, given["environment"], given["distinct_id"]),
        workspace=workspace,
        created_at=timezone.now(),
        updated_at=timezone.now(),
        **given,
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"distinct_id": ""}, "A profile needs a distinct ID."),
        ({"environment": "beta"}, "The environment is live or test."),
        ({"status": "gone"}, "The status is active or disabled."),
        ({"custom": [1]}, "Custom properties and channels are objects of key and value."),
        ({"tags": [f"tag {n}" for n in range(101)]}, "A profile has at most 100 tags."),
    ],
)
def test_a_broken_profile_is_refused_with_a_message(
    acme: Workspace, values: dict[str, Any], message: str
) -> None:
    profile = new_profile(acme, **values)
    with pytest.raises(ValidationError, match=message):
        profile.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        profile.save(force_insert=True)


def test_the_primary_key_is_the_uniqueness_rule(acme: Workspace) -> None:
    new_profile(acme).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        new_profile(acme).save(force_insert=True)
    new_profile(acme, environment="test").save(force_insert=True)


def test_tags_that_differ_by_case_are_one(acme: Workspace) -> None:
    Tag.objects.create(workspace=acme, name="VIP")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(workspace=acme, name="vip")


def test_lengths_of_a_property_are_in_order(acme: Workspace) -> None:
    broken = PropertyDefinition(workspace=acme, key="x", label="X", min_length=5, max_length=2)
    with pytest.raises(ValidationError, match="The shortest text may not be longer"):
        broken.full_clean()


def test_roles_include_the_lesser_ones() -> None:
    assert Role.ADMIN.includes(Role.EDITOR)
    assert Role.EDITOR.includes(Role.VIEWER)
    assert not Role.VIEWER.includes(Role.EDITOR)


def test_the_name_is_shown_where_given_else_made_of_the_two(acme: Workspace) -> None:
    named = new_profile(acme, name="The Boss", first_name="Bob")
    named.save(force_insert=True)
    made = new_profile(acme, distinct_id="eve", first_name="Eve", last_name="Noël")
    made.save(force_insert=True)
    unnamed = new_profile(acme, distinct_id="u1", email="u1@example.com")
    unnamed.save(force_insert=True)
    labels = {profile.distinct_id: profile.label for profile in Profile.objects.all()}
    assert labels == {"bob": "The Boss", "eve": "Eve Noël", "u1": "u1@example.com"}
